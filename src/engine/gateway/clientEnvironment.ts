import { shellWords } from '../container/shellQuote';
import type { Door, RegistryHosts } from './door';

/** In the container's own /tmp, which ends with it. */
const CERTIFICATE = '/tmp/petri-gateway.pem';
const TRUST_STORE = '/tmp/petri-gateway.p12';
const MAVEN_SETTINGS = '/tmp/petri-maven.xml';
/** A trust store holds no secret, but Java's tools want one. */
const STORE_PASSWORD = 'petri-gateway';

/**
 * Shell lines to run before anything else in a container behind the door: they put the gateway's authority where
 * `clientEnvironment` says it is, for Java in a trust store of its own.
 */
export function clientSetup(door: Pick<Door, 'certificate'>, registries: RegistryHosts): string {
  return [
    write(door.certificate, CERTIFICATE),
    'if command -v keytool > /dev/null 2>&1; then',
    `  keytool -importcert -noprompt -alias petri -file ${CERTIFICATE} -keystore ${TRUST_STORE} -storetype PKCS12 -storepass ${STORE_PASSWORD} > /dev/null 2>&1 || exit 1`,
    'fi',
    ...(registries.mirrors?.maven === undefined ? [] : [write(mavenSettings(registries.mirrors.maven), MAVEN_SETTINGS)]),
    '',
  ].join('\n');
}

/**
 * Leads pip, npm and its kin, Node, Go, git, curl, Maven and Gradle through the door, makes them trust it and nothing else, and points them
 * at the mirrors that the user's own configuration names.
 */
export function clientEnvironment(door: Pick<Door, 'proxy'>, { mirrors = {} }: RegistryHosts): Record<string, string> {
  const { hostname, port } = new URL(door.proxy);
  const java = [
    ...['http', 'https'].flatMap((scheme) => [`-D${scheme}.proxyHost=${hostname}`, `-D${scheme}.proxyPort=${port}`]),
    '-Dhttp.nonProxyHosts=', `-Djavax.net.ssl.trustStore=${TRUST_STORE}`, '-Djavax.net.ssl.trustStoreType=PKCS12', `-Djavax.net.ssl.trustStorePassword=${STORE_PASSWORD}`,
  ].join(' ');
  return {
    HTTPS_PROXY: door.proxy, https_proxy: door.proxy, HTTP_PROXY: door.proxy, http_proxy: door.proxy, ALL_PROXY: door.proxy, all_proxy: door.proxy, NO_PROXY: '', no_proxy: '',
    SSL_CERT_FILE: CERTIFICATE, CURL_CA_BUNDLE: CERTIFICATE, GIT_SSL_CAINFO: CERTIFICATE, REQUESTS_CA_BUNDLE: CERTIFICATE,
    PIP_CERT: CERTIFICATE, PIP_DISABLE_PIP_VERSION_CHECK: '1',
    NODE_EXTRA_CA_CERTS: CERTIFICATE, NPM_CONFIG_CAFILE: CERTIFICATE, NODE_USE_ENV_PROXY: '1',
    MAVEN_OPTS: java, GRADLE_OPTS: java, JAVA_TOOL_OPTIONS: java,
    ...(mirrors.npm !== undefined && { NPM_CONFIG_REGISTRY: mirrors.npm, YARN_REGISTRY: mirrors.npm, YARN_NPM_REGISTRY_SERVER: mirrors.npm }),
    ...(mirrors.pip !== undefined && { PIP_INDEX_URL: mirrors.pip, UV_DEFAULT_INDEX: mirrors.pip }),
    ...(mirrors.go !== undefined && { GOPROXY: mirrors.go }),
    ...(mirrors.gosum !== undefined && { GOSUMDB: mirrors.gosum }),
    ...(mirrors.maven !== undefined && { MAVEN_ARGS: `-gs ${MAVEN_SETTINGS}` }),
  };
}

/** Line by line: a script that is no launcher's has no word for a line's end. */
function write(text: string, file: string): string {
  return `printf '%s\\n' ${shellWords(text.trimEnd().split('\n'))} > ${file}`;
}

function mavenSettings(url: string): string {
  const escaped = url.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<settings><mirrors><mirror><id>petri</id><mirrorOf>*</mirrorOf><url>${escaped}</url></mirror></mirrors></settings>\n`;
}
