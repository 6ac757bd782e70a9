# Installs a Node dependency set; travels into the install's containers as text. $1: fetch or build; $2: npm, pnpm, yarn, berry or none.
# `fetch` has the registry as its only door and runs no package's scripts; `build` runs them without a network.
set -eu
scratch=/sandbox/deps/scratch
tools=$scratch/tools
cd /sandbox/deps/node
export npm_config_cache=$scratch/npm npm_config_audit=false npm_config_fund=false npm_config_update_notifier=false CI=true
# The gateway tries again by itself, and says so when a registry is down: minutes of asking on are for nothing.
export npm_config_fetch_retries=1 npm_config_fetch_retry_mintimeout=1000 YARN_HTTP_RETRY=1
# What these would fetch by themselves is no package: without a network they had better not try.
export PUPPETEER_SKIP_DOWNLOAD=1 PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 CYPRESS_INSTALL_BINARY=0 ELECTRON_SKIP_BINARY_DOWNLOAD=1 HUSKY=0
registry=$(cd / && npm config get registry)
export YARN_REGISTRY=$registry YARN_NPM_REGISTRY_SERVER=$registry YARN_NODE_LINKER=node-modules YARN_ENABLE_GLOBAL_CACHE=false YARN_CACHE_FOLDER=$scratch/yarn
export YARN_ENABLE_TELEMETRY=0 YARN_ENABLE_IMMUTABLE_INSTALLS=false COREPACK_ENABLE_STRICT=0

# From the registry to a place of their own, without running any script of theirs. $1: where; then what.
aside() { place=$1; shift; npm install --prefix "$place" --ignore-scripts --no-save --loglevel=error "$@"; }

# Another Node than the image's where the project asks for one, with the npm of its days; runs have them in front of PATH.
runtime=/sandbox/deps/runtime
if [ "$1" = fetch ] && [ -n "${PETRI_NODE:-}" ]; then
  asked=$(node "$scratch/runtime.cjs" "$PETRI_NODE")
  # Two words.
  if [ -n "$asked" ]; then aside "$runtime" $asked; fi
fi
export PATH="$runtime/node_modules/.bin:$PATH"

tool() { [ -d "$tools" ] || aside "$tools" "$1"; export PATH="$tools/node_modules/.bin:$PATH"; }

# What a lock of a newer Yarn resolves to, without patches of Yarn's own, which differ from one Yarn to another.
locked() { sed -n 's/^  resolution: "\(.*\)"$/\1/p' yarn.lock | grep -v '@patch:' | LC_ALL=C sort; }

# With a lock, exactly that or nothing: a manifest that asks for something else fails.
fetch() {
  case $1 in
    npm)
      if [ -f package-lock.json ] || [ -f npm-shrinkwrap.json ]; then npm ci --ignore-scripts; return; fi
      npm install --ignore-scripts
      if [ -f package-lock.json ]; then cp package-lock.json offered-lock.json; fi ;;
    pnpm)
      tool "pnpm@$2"
      pnpm install --frozen-lockfile --ignore-scripts --store-dir "$scratch/store" --package-import-method copy --registry "$registry" --reporter append-only ;;
    yarn)
      tool 'yarn@1'
      # Without an address Yarn 1 takes the newest version, whatever the lock says, and asks no hash.
      sed -i "s|^\( *resolved \"\)petri-registry:/*|\1${registry%/}/|" yarn.lock
      yarn install --frozen-lockfile --ignore-scripts --non-interactive --no-progress --cache-folder "$scratch/yarn" --registry "$registry" ;;
    berry)
      tool "@yarnpkg/cli-dist@$2"
      # It reads no proxy but in its own words.
      export YARN_HTTP_PROXY="$HTTP_PROXY" YARN_HTTPS_PROXY="$HTTPS_PROXY" YARN_HTTPS_CA_FILE_PATH="$NODE_EXTRA_CA_CERTS"
      locked >"$scratch/locked"
      yarn install --mode=skip-build
      # A lock of an older Yarn is rewritten, so Yarn's own word for an exact install would refuse it; what it resolves to is what counts.
      locked | LC_ALL=C comm -13 "$scratch/locked" - >"$scratch/added"
      if [ -s "$scratch/added" ]; then sed 's/.*/Missing: & from lock file/' "$scratch/added" >&2; exit 1; fi ;;
  esac
}

build() {
  if [ -d node_modules ]; then
    case $1 in
      pnpm) tool pnpm; pnpm rebuild --store-dir "$scratch/store" --reporter append-only ;;
      *) npm rebuild --offline --foreground-scripts ;;
    esac
  fi
  node "$scratch/finish.cjs"
}

"$@"
