/** Packages of Node that a person has vouched for by putting them here; see the curated packages of Python for why there is such a list. */
export const NODE_PACKAGES: ReadonlySet<string> = new Set(`
  @angular/common @angular/core @angular/forms @angular/router @anthropic-ai/sdk @apollo/client @apollo/server @aws-sdk/client-dynamodb
  @aws-sdk/client-s3 @aws-sdk/lib-dynamodb @azure/identity @azure/storage-blob @babel/core @babel/parser @babel/preset-env
  @babel/preset-react @babel/traverse @dnd-kit/core @emotion/react @emotion/styled @faker-js/faker @fastify/cors @google-cloud/pubsub
  @google-cloud/storage @headlessui/react @hono/node-server @hookform/resolvers @jest/globals @langchain/core @langchain/openai
  @modelcontextprotocol/sdk @mui/material @nestjs/common @nestjs/config @nestjs/core @nestjs/platform-express @nestjs/testing
  @nestjs/typeorm @octokit/rest @playwright/test @prisma/client @radix-ui/react-dialog @react-three/fiber @reduxjs/toolkit @sendgrid/mail
  @slack/web-api @swc/core @tailwindcss/postcss @tanstack/react-query @tanstack/react-table @testing-library/jest-dom
  @testing-library/react @testing-library/user-event @tiptap/core @trpc/server @types/express @types/jest @types/node @types/react
  @vitejs/plugin-react acorn adm-zip ai ajv ajv-formats amqplib antd archiver async autoprefixer aws-sdk axios babel-jest babel-loader
  bcrypt bcryptjs better-sqlite3 big.js bignumber.js bluebird body-parser bootstrap boxen bullmq bunyan busboy c8 canvas chai chalk
  change-case chart.js cheerio chokidar class-transformer class-validator class-variance-authority classnames cli-progress clsx codemirror
  colors commander compression concurrently cookie-parser cors cron cross-env cross-fetch crypto-js css-loader csv-parse csv-stringify
  cypress cytoscape d3 d3-array d3-scale date-fns dayjs debug decimal.js deep-equal deepmerge dockerode dompurify dotenv ejs electron
  esbuild escodegen eslint espree esprima estraverse ethers eventemitter3 exceljs execa express express-rate-limit express-session faker
  fast-deep-equal fast-glob fast-xml-parser fastify firebase firebase-admin form-data formidable formik framer-motion fs-extra fuse.js glob
  globby got graphql graphql-tag gray-matter gsap handlebars he helmet highlight.js hls.js hono http-errors http-proxy
  http-proxy-middleware husky i18next immer immutable ini inquirer ioredis isomorphic-fetch jest jimp joi jose jotai jquery js-yaml
  jscodeshift jsdom jsonwebtoken jszip kafkajs kleur knex koa ky leaflet less lint-staged lit lodash lodash-es log4js loglevel lottie-web
  lru-cache lucide-react lunr luxon mapbox-gl markdown-it marked mathjs meow micromatch mime mime-types minimatch minimist mkdirp mobx
  mocha moment moment-timezone monaco-editor mongodb mongoose morgan multer mustache mysql2 nanoid next nock node-cache node-cron
  node-fetch node-forge node-schedule nodemailer nodemon nunjucks nyc object-hash octokit open openai ora p-limit p-map p-queue p-retry
  papaparse passport passport-jwt passport-local path-to-regexp pdf-lib pdf-parse pg picocolors pinia pino pino-pretty playwright
  playwright-core pluralize postcss preact prettier prisma prismjs prompts pug puppeteer puppeteer-core qrcode qs query-string quill ramda
  react react-chartjs-2 react-dnd react-dom react-hook-form react-hot-toast react-i18next react-icons react-redux react-router
  react-router-dom react-toastify recast recharts redis redux reflect-metadata remark request rimraf rollup rxjs sanitize-html sass semver
  sequelize serve-static sharp shelljs simple-git sinon slate slugify socket.io socket.io-client sortablejs sqlite3 ssh2 string-similarity
  stripe style-loader styled-components superagent supertest svelte swagger-ui-express swiper swr systeminformation tailwind-merge
  tailwindcss tar three toml topojson-client tree-kill ts-jest ts-node tsx tweetnacl twilio typeorm typescript ulid underscore undici
  url-join uuid validator vite vitest vue vue-router webpack webpack-cli which winston ws xlsx xml2js yaml yargs yup zod zustand
`.trim().split(/\s+/));
