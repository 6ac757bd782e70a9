/** Go modules that a person has vouched for; see the curated packages of Python for why there is such a list. */
const GO_MODULES: ReadonlySet<string> = new Set(`
  cloud.google.com/go/bigquery cloud.google.com/go/firestore cloud.google.com/go/pubsub cloud.google.com/go/storage entgo.io/ent
  fyne.io/fyne/v2 github.com/99designs/gqlgen github.com/AlecAivazis/survey/v2 github.com/alecthomas/chroma/v2 github.com/alecthomas/kong
  github.com/alicebob/miniredis/v2 github.com/allegro/bigcache/v3 github.com/anthropics/anthropic-sdk-go github.com/antlr4-go/antlr/v4
  github.com/asaskevich/govalidator github.com/avast/retry-go/v4 github.com/aws/aws-lambda-go github.com/aws/aws-sdk-go
  github.com/aws/aws-sdk-go-v2 github.com/Azure/azure-sdk-for-go/sdk/azcore github.com/Azure/azure-sdk-for-go/sdk/azidentity
  github.com/BurntSushi/toml github.com/bwmarrin/discordgo github.com/bwmarrin/snowflake github.com/bytedance/sonic
  github.com/caarlos0/env/v11 github.com/casbin/casbin/v2 github.com/cenkalti/backoff/v4 github.com/cespare/xxhash/v2
  github.com/charmbracelet/bubbles github.com/charmbracelet/bubbletea github.com/charmbracelet/huh github.com/charmbracelet/lipgloss
  github.com/charmbracelet/log github.com/cheggaaa/pb/v3 github.com/chromedp/chromedp github.com/coder/websocket github.com/creack/pty
  github.com/DATA-DOG/go-sqlmock github.com/davecgh/go-spew github.com/dgraph-io/badger/v4 github.com/dgraph-io/ristretto
  github.com/disintegration/imaging github.com/docker/docker github.com/docker/go-connections github.com/dop251/goja
  github.com/eclipse/paho.mqtt.golang github.com/expr-lang/expr github.com/fatih/color github.com/fogleman/gg github.com/fsnotify/fsnotify
  github.com/getsentry/sentry-go github.com/gin-contrib/cors github.com/gin-contrib/sessions github.com/gin-gonic/gin github.com/go-chi/chi
  github.com/go-chi/chi/v5 github.com/go-chi/cors github.com/go-co-op/gocron github.com/go-playground/validator/v10
  github.com/go-redis/redis/v8 github.com/go-resty/resty/v2 github.com/go-sql-driver/mysql
  github.com/go-telegram-bot-api/telegram-bot-api/v5 github.com/go-viper/mapstructure/v2 github.com/gobwas/ws github.com/goccy/go-json
  github.com/goccy/go-yaml github.com/gocolly/colly github.com/gocolly/colly/v2 github.com/gofiber/fiber/v2 github.com/golang-jwt/jwt/v4
  github.com/golang-jwt/jwt/v5 github.com/golang-migrate/migrate/v4 github.com/golang/mock github.com/golang/protobuf
  github.com/gomodule/redigo github.com/google/go-cmp github.com/google/go-github/v60 github.com/google/gopacket github.com/google/uuid
  github.com/google/wire github.com/gorilla/handlers github.com/gorilla/mux github.com/gorilla/sessions github.com/gorilla/websocket
  github.com/graphql-go/graphql github.com/grpc-ecosystem/grpc-gateway/v2 github.com/h2non/gock github.com/hajimehoshi/ebiten/v2
  github.com/hashicorp/consul/api github.com/hashicorp/go-multierror github.com/hashicorp/go-version github.com/hashicorp/golang-lru
  github.com/hashicorp/golang-lru/v2 github.com/hashicorp/hcl/v2 github.com/hashicorp/raft github.com/hashicorp/vault/api
  github.com/IBM/sarama github.com/imroc/req/v3 github.com/jackc/pgx/v4 github.com/jackc/pgx/v5 github.com/jarcoal/httpmock
  github.com/jmoiron/sqlx github.com/joho/godotenv github.com/json-iterator/go github.com/julienschmidt/httprouter
  github.com/jung-kurt/gofpdf github.com/justinas/alice github.com/kelseyhightower/envconfig github.com/klauspost/compress
  github.com/kr/pretty github.com/labstack/echo/v4 github.com/lib/pq github.com/manifoldco/promptui github.com/mark3labs/mcp-go
  github.com/Masterminds/semver/v3 github.com/Masterminds/sprig/v3 github.com/Masterminds/squirrel github.com/mattn/go-colorable
  github.com/mattn/go-isatty github.com/mattn/go-sqlite3 github.com/microcosm-cc/bluemonday github.com/miekg/dns
  github.com/minio/minio-go/v7 github.com/mitchellh/mapstructure github.com/nats-io/nats.go github.com/oklog/ulid/v2
  github.com/olekukonko/tablewriter github.com/onsi/ginkgo/v2 github.com/onsi/gomega github.com/openai/openai-go
  github.com/patrickmn/go-cache github.com/pelletier/go-toml github.com/pelletier/go-toml/v2 github.com/pierrec/lz4/v4
  github.com/pkg/errors github.com/pkg/profile github.com/pkg/sftp github.com/pressly/goose/v3 github.com/prometheus/client_golang
  github.com/prometheus/common github.com/PuerkitoBio/goquery github.com/quic-go/quic-go github.com/rabbitmq/amqp091-go
  github.com/redis/go-redis/v9 github.com/robfig/cron/v3 github.com/rs/cors github.com/rs/xid github.com/rs/zerolog
  github.com/russross/blackfriday/v2 github.com/samber/do github.com/samber/lo github.com/sashabaranov/go-openai
  github.com/schollz/progressbar/v3 github.com/segmentio/kafka-go github.com/segmentio/ksuid github.com/shirou/gopsutil/v3
  github.com/shirou/gopsutil/v4 github.com/shopspring/decimal github.com/sirupsen/logrus github.com/slack-go/slack github.com/spf13/afero
  github.com/spf13/cobra github.com/spf13/pflag github.com/spf13/viper github.com/stretchr/testify github.com/swaggo/files
  github.com/swaggo/gin-swagger github.com/swaggo/swag github.com/teris-io/shortid github.com/testcontainers/testcontainers-go
  github.com/tetratelabs/wazero github.com/thoas/go-funk github.com/tidwall/gjson github.com/tidwall/sjson github.com/tmc/langchaingo
  github.com/unrolled/secure github.com/urfave/cli/v2 github.com/urfave/cli/v3 github.com/valyala/fasthttp
  github.com/vmihailenco/msgpack/v5 github.com/xuri/excelize/v2 github.com/yuin/goldmark github.com/yuin/gopher-lua go.etcd.io/bbolt
  go.etcd.io/etcd/client/v3 go.mongodb.org/mongo-driver go.mongodb.org/mongo-driver/v2 go.opentelemetry.io/otel
  go.opentelemetry.io/otel/sdk go.opentelemetry.io/otel/trace go.uber.org/atomic go.uber.org/fx go.uber.org/goleak go.uber.org/mock
  go.uber.org/multierr go.uber.org/zap golang.org/x/crypto golang.org/x/exp golang.org/x/image golang.org/x/mod golang.org/x/net
  golang.org/x/oauth2 golang.org/x/sync golang.org/x/sys golang.org/x/term golang.org/x/text golang.org/x/time golang.org/x/tools
  gonum.org/v1/gonum gonum.org/v1/plot google.golang.org/api google.golang.org/genproto google.golang.org/grpc google.golang.org/protobuf
  gopkg.in/ini.v1 gopkg.in/natefinch/lumberjack.v2 gopkg.in/yaml.v2 gopkg.in/yaml.v3 gorgonia.org/gorgonia gorm.io/driver/mysql
  gorm.io/driver/postgres gorm.io/driver/sqlite gorm.io/gorm k8s.io/api k8s.io/apimachinery k8s.io/client-go modernc.org/sqlite
  sigs.k8s.io/controller-runtime sigs.k8s.io/yaml
`.trim().split(/\s+/));

/** The known module that a package path lies in: the longest. */
export function goModuleOf(path: string): string | undefined {
  for (let known = path; known !== ''; known = known.slice(0, Math.max(0, known.lastIndexOf('/')))) if (GO_MODULES.has(known)) return known;
  return undefined;
}
