import { shellQuote, shellWords } from '../../container/shellQuote';
import { SCRATCH } from '../adapter';

/** Below /sandbox/deps; what runs see. */
export const GO_FOLDER = 'go';
export const MODULE_CACHE = '/sandbox/deps/go/mod';
/** Maps go.mod and go.sum of the workspace to the completed ones, when the user's own say too little. Written by every install. */
export const OVERLAY = '/sandbox/deps/go/overlay.json';
/** Of a Go that the image's own was too old for; in front of PATH in runs. */
export const NEWER_GO = '/sandbox/deps/go/bin';
/** Below /sandbox/deps: the completed ones. */
export const COMPLETED = 'go/project';
const TOOLCHAINS = '/sandbox/deps/go/toolchain';
/** Below /sandbox/deps: the manifests as they were planned. */
export const PLANNED = 'scratch/planned';
/** A copy of the planned manifests with the sources beside them, where Go may write. */
const MIRROR = `${SCRATCH}/mirror`;

export const GO_ENVIRONMENT = {
  // A newline of a path, as shellQuote writes it.
  NL: '\n',
  GOMODCACHE: MODULE_CACHE, GOPATH: `${SCRATCH}/gopath`, GOCACHE: `${SCRATCH}/gocache`, GOTOOLCHAIN: 'local', GOTELEMETRY: 'off',
  GOFLAGS: '-modcacherw -buildvcs=false',
  // Nothing but the registry and its checksum database decides; no file that a run may have left is read.
  GOENV: 'off', GOPRIVATE: '', GONOPROXY: '', GONOSUMDB: '', GOINSECURE: '', GOVCS: '*:off', GOAUTH: 'off',
};

export interface ProjectDownload {
  /** Of the project, relative to the workspace. */
  root: string;
  /** Files that may come out completed, relative to the workspace. */
  manifests: readonly string[];
  /** `module@version` of everything that go.mod names. */
  requirements: readonly string[];
  /** The packages of a workspace's members, relative to its root; empty for a module on its own. */
  patterns: readonly string[];
}

const PRELUDE = `
# A registry, never a repository: what it does not have is not fetched from elsewhere.
GOPROXY=$(go env GOPROXY | sed 's/[,|]direct//g; s/^direct$/off/')
export GOPROXY
mkdir -p ${MIRROR} /sandbox/deps/${COMPLETED}
image_go=$(command -v go)
image_path=$PATH
# Who asks for a newer Go than the image's gets the newest patch of the version named, from the same registry, checked like a module.
newer() {
  wanted=$(sed -n 's/.* requires go >= \\([0-9.]*\\) .*/\\1/p' ${SCRATCH}/said | sort -V | tail -n 1)
  [ -n "$wanted" ] || return 1
  series=$(printf '%s' "$wanted" | cut -d . -f 1,2)
  found=$(cd ${SCRATCH} && "$image_go" list -m -versions go | tr ' ' '\\n' | grep -E "^$series\\.[0-9]+$" | sort -V | tail -n 1)
  [ -n "$found" ] && [ "go$found" != "$(cd ${SCRATCH} && go env GOVERSION)" ] || return 1
  rm -rf ${TOOLCHAINS}
  (cd ${SCRATCH} && GOTOOLCHAIN="go$found" GOMODCACHE=${TOOLCHAINS} "$image_go" version) || return 1
  rm -rf ${TOOLCHAINS}/cache
  ln -sfn ${TOOLCHAINS}/golang.org/toolchain@*/bin ${NEWER_GO}
  PATH=${NEWER_GO}:$image_path
  export PATH
}
# Go asks once; a network that stumbles is asked again.
patiently() {
  for pause in 1 3 0; do
    { status=0; "$@" 2>&1 || status=$?; echo "$status" > ${SCRATCH}/status; } | tee ${SCRATCH}/said
    status=$(cat ${SCRATCH}/status)
    if [ "$status" != 0 ] && newer; then patiently "$@"; return; fi
    [ "$status" != 0 ] && [ "$pause" != 0 ] && grep -Eq 'i/o timeout|connection re(set|fused)|handshake timeout|unexpected EOF|: 50[234] ' ${SCRATCH}/said || return "$status"
    sleep "$pause"
  done
}`;

/**
 * Downloads what the packages of a project and their tests need, as go.mod and go.sum say; existing sums are verified, and missing ones
 * come from the checksum database. Nothing of a module is run: `go mod`, `go get` and `go list` only read. When the user's files say too little
 * the completed ones are left beside the modules for runs to use; no requirement is ever added for an import that no go.mod covers.
 */
export function projectScript({ root, manifests, requirements, patterns }: ProjectDownload): string {
  const workspace = patterns.length > 0;
  const place = root === '' ? '' : `/${root}`;
  // Several modules at once are not completed together; what their own files lack is theirs to say.
  const complete = workspace ? 'patiently go mod download -x all' : `
  patiently go mod download -x -- ${shellWords(requirements)}
  ! lacking || required | xargs -r go get
  go list -mod=mod -m all > /dev/null`;
  return `
set -eu
${PRELUDE}
cd ${shellQuote(`/sandbox/workspace${place}`)}
find . -type d \\( -name .git -o -name node_modules -o -name testdata -o -name vendor \\) -prune -o -type f -name '*.go' -print0 |
  tar -cf - --null -T - | { mkdir -p ${shellQuote(`${MIRROR}${place}`)}; tar -xf - --no-same-permissions -C ${shellQuote(`${MIRROR}${place}`)}; }
cp -R ${`/sandbox/deps/${PLANNED}`}/. ${MIRROR}/
cd ${shellQuote(`${MIRROR}${place}`)}
lacking() { go list -e -deps -test -f '{{with .Error}}{{.}}{{end}}' ${workspace ? shellWords(patterns) : './...'} 2>&1 | grep -Eq 'missing go.sum entry|updates to go.(mod|sum) needed'; }
${workspace ? '' : ': >> go.sum\n'}patiently go mod download -x
# What the sources import and a requirement covers, at the version that it names.
required() {
  GO111MODULE=off GOFLAGS= go list -e -f '{{range .Imports}}{{println .}}{{end}}{{range .TestImports}}{{println .}}{{end}}{{range .XTestImports}}{{println .}}{{end}}' ./... |
    sort -u | awk 'NR == FNR { version[$1] = $2; next } { p = $0; do { if (p in version) { print $0 "@" version[p]; next } } while (sub("/[^/]*$", "", p)) }' ${SCRATCH}/requirements -
}
printf '%s\\n' ${shellWords(requirements.map((one) => one.replace('@', ' ')))} > ${SCRATCH}/requirements
if lacking; then
  echo 'go.mod or go.sum do not name everything that is needed; completing them for the sandbox.'${complete}
fi
# The whole module graph, for go list -m and tools that read it; where it cannot be had the build does not need it.
go list -m all > /dev/null 2>&1 || true
${overlayScript(manifests)}`;
}

/** For a project that needs no module, but a newer Go than the image may have. */
export function toolchainScript(root: string): string {
  return `
set -eu
${PRELUDE}
cp -R /sandbox/deps/${PLANNED}/. ${MIRROR}/
cd ${shellQuote(root === '' ? MIRROR : `${MIRROR}/${root}`)}
patiently go list -m
${overlayScript([])}`;
}

/**
 * What programs import, without a manifest: the newest version of each that this Go can build. \`packages\`: import paths with the
 * modules they belong to.
 */
export function importsScript(packages: ReadonlyArray<{ path: string; module: string }>): string {
  return `
set -eu
${PRELUDE}
cd ${MIRROR}
version=$(go env GOVERSION)
version=\${version#go}
printf 'module sandbox\\n\\ngo %s\\n' "\${version%%[!0-9.]*}" > go.mod
: > go.sum
# The newest version may ask for a newer Go: then the newest that does not.
add() {
  if go get "$1" 2> get.log; then cat get.log; return 0; fi
  grep -q 'requires go >=' get.log || { cat get.log >&2; return 1; }
  for version in $(go list -m -versions "$2" | tr ' ' '\\n' | grep '^v' | grep -v -e - | sort -rV | head -n 40); do
    if go get "$1@$version" 2> get.log; then cat get.log; return 0; fi
  done
  cat get.log >&2
  return 1
}
${packages.map(({ path, module }) => `add ${shellWords([path, module])}`).join('\n')}
rm -f get.log
# What the last of them asked for may be newer than what the first was given.
go mod download -x
go list -mod=mod -deps -- ${shellWords(packages.map(({ path }) => path))} > /dev/null
go list -m all > /dev/null 2>&1 || true
${overlayScript(['go.mod', 'go.sum'])}`;
}

/** Every manifest that is no longer what was planned takes the place of the workspace's own in runs, which cannot write it. */
function overlayScript(manifests: readonly string[]): string {
  const lines = manifests.map((path) => {
    const [mirrored, completed] = [shellQuote(`${MIRROR}/${path}`), shellQuote(`/sandbox/deps/${COMPLETED}/${path}`)];
    const entry = `${JSON.stringify(`/sandbox/workspace/${path}`)}: ${JSON.stringify(`/sandbox/deps/${COMPLETED}/${path}`)}`;
    return `keep ${mirrored} ${shellQuote(`/sandbox/deps/${PLANNED}/${path}`)} ${completed} ${shellQuote(entry)}`;
  });
  return `
separator=
keep() {
  [ -f "$1" ] && ! cmp -s "$1" "$2" || return 0
  mkdir -p "\${3%/*}"
  cp "$1" "$3"
  printf '%s\\n  %s' "$separator" "$4"
  separator=,
}
{
  printf '{"Replace": {'
${lines.map((line) => `  ${line}`).join('\n')}
  printf '\\n}}\\n'
} > ${OVERLAY}`;
}
