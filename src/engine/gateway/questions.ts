/**
 * Asks an image's own package managers where they download from: in an empty folder, without network and without any file of
 * a project. Lines `tool TAB answer` on stdout; files come in base64. A tool that is not there says nothing.
 */
export const QUESTIONS = String.raw`
mkdir -p /tmp/ask && cd /tmp/ask || exit 1
export HOME=/tmp/ask COLUMNS=1000
has() { command -v "$1" > /dev/null 2>&1; }
say() { printf '%s\t%s\n' "$1" "$2"; }
has npm && say npm "$(npm config get registry 2> /dev/null)"
for tool in yarn pnpm; do has $tool && say npm-alias "$($tool config get registry 2> /dev/null)"; done
if has python3 && python3 -m pip --version > /dev/null 2>&1; then
  index=$(python3 -m pip config get global.index-url 2> /dev/null) || index=$(python3 -m pip download --help | sed -n 's/.*(default *\(https:[^)]*\)).*/\1/p' | head -n 1)
  say pip "$index"
  for extra in $(python3 -m pip config get global.extra-index-url 2> /dev/null); do say pip-extra "$extra"; done
fi
if has go; then
  say go "$(go env GOPROXY)"
  say gosum "$(go env GOSUMDB)"
fi
has java && say java "$(command -v java)"
has gradle && say gradle "$(command -v gradle)"
if has mvn; then
  home=$(mvn -B -v 2> /dev/null | sed -n 's/^.*Maven home: //p')
  for file in "$home"/lib/maven-model-builder-*.jar; do
    jar xf "$file" org/apache/maven/model/pom-4.0.0.xml && say maven-pom "$(base64 -w 0 org/apache/maven/model/pom-4.0.0.xml)"
  done
  [ -r "$home/conf/settings.xml" ] && say maven-settings "$(base64 -w 0 "$home/conf/settings.xml")"
fi
exit 0
`;
