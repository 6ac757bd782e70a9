import type { Try } from './intruder';

export const REGISTRY = 'registry.test';
export const tunnel = (send: string, more: Partial<Extract<Try, { connect: string }>> = {}): Try => ({ connect: `${REGISTRY}:443`, sni: REGISTRY, send, ...more });
export const get = (path: string, head = '') => `GET ${path} HTTP/1.1\r\nHost: ${REGISTRY}\r\n${head}Connection: close\r\n\r\n`;

export interface Vector { what: string; attempt: Try; rule: string | string[] }

/** What an install may not do, and the rule that stops it. Every one of them would reach the registry if it were let through. */
export const REFUSED: Record<string, Vector[]> = {
  'registry hosts only, on their port': [
    { what: 'another host', attempt: { connect: 'elsewhere.test:443', sni: 'elsewhere.test', send: get('/') }, rule: 'host' },
    { what: 'another port', attempt: { connect: `${REGISTRY}:8443`, sni: REGISTRY, send: get('/') }, rule: 'port' },
    { what: 'plain HTTP\'s port', attempt: { connect: `${REGISTRY}:80`, send: get('/') }, rule: 'port' },
    { what: 'SSH\'s port', attempt: { connect: `${REGISTRY}:22`, send: 'SSH-2.0-x\r\n' }, rule: 'port' },
    { what: 'plain HTTP through the proxy', attempt: { raw: `GET http://${REGISTRY}/ HTTP/1.1\r\nHost: ${REGISTRY}\r\n\r\n` }, rule: 'plaintext' },
    { what: 'an https address through the proxy without a tunnel', attempt: { raw: `GET https://${REGISTRY}/ HTTP/1.1\r\nHost: ${REGISTRY}\r\n\r\n` }, rule: 'plaintext' },
    { what: 'a request to the gateway itself', attempt: { raw: `GET / HTTP/1.1\r\nHost: ${REGISTRY}\r\n\r\n` }, rule: 'plaintext' },
    { what: 'plaintext inside a tunnel', attempt: { raw: `CONNECT ${REGISTRY}:443 HTTP/1.1\r\nHost: ${REGISTRY}:443\r\n\r\n${get('/plain')}` }, rule: 'handshake' },
    { what: 'SSH inside a tunnel', attempt: { raw: `CONNECT ${REGISTRY}:443 HTTP/1.1\r\nHost: ${REGISTRY}:443\r\n\r\nSSH-2.0-OpenSSH_9.9\r\n` }, rule: 'handshake' },
    { what: 'no HTTP at all', attempt: { raw: 'SSH-2.0-OpenSSH_9.9\r\n' }, rule: 'malformed' },
  ],
  'GET and HEAD only': [
    ...['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'MKCOL', 'PROPFIND', 'PURGE'].map((method) => ({
      what: method, attempt: tunnel(`${method} /package HTTP/1.1\r\nHost: ${REGISTRY}\r\nContent-Length: 0\r\n\r\n`), rule: 'method',
    })),
    { what: 'a CONNECT inside the tunnel', attempt: tunnel(`CONNECT elsewhere.test:443 HTTP/1.1\r\nHost: ${REGISTRY}\r\n\r\n`), rule: 'malformed' },
    { what: 'a GET with a body', attempt: tunnel(`GET /x HTTP/1.1\r\nHost: ${REGISTRY}\r\nContent-Length: 6\r\n\r\nsecret`), rule: 'body' },
    { what: 'a GET with a chunked body', attempt: tunnel(`GET /x HTTP/1.1\r\nHost: ${REGISTRY}\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nsecret\r\n0\r\n\r\n`), rule: 'body' },
    // A parser that counts only so many headers would not know of the last one.
    { what: 'a body that is announced after two thousand headers', attempt: tunnel(`GET /x HTTP/1.1\r\nHost: ${REGISTRY}\r\n${'A:\r\n'.repeat(2100)}Transfer-Encoding: chunked\r\n\r\n6\r\nsecret\r\n0\r\n\r\n`), rule: ['body', 'malformed'] },
    { what: 'a GET after a POST that is refused', attempt: tunnel(`POST /x HTTP/1.1\r\nHost: ${REGISTRY}\r\nContent-Length: 0\r\n\r\n${get('/after')}`), rule: 'method' },
    { what: 'a method in small letters', attempt: tunnel(get('/x').replace('GET', 'get')), rule: 'malformed' },
    { what: 'an upgrade', attempt: tunnel(get('/x', 'Upgrade: websocket\r\n').replace('close', 'Upgrade')), rule: 'malformed' },
    { what: 'a method said in a header does not help a POST', attempt: tunnel(`POST /x HTTP/1.1\r\nHost: ${REGISTRY}\r\nX-HTTP-Method-Override: GET\r\nContent-Length: 0\r\n\r\n`), rule: 'method' },
  ],
  'one name from the tunnel to the request': [
    { what: 'another name in TLS', attempt: tunnel(get('/sni'), { sni: 'elsewhere.test' }), rule: 'sni-mismatch' },
    { what: 'no name in TLS', attempt: tunnel(get('/sni'), { sni: undefined }), rule: 'sni-missing' },
    { what: 'another Host', attempt: tunnel(`GET /host HTTP/1.1\r\nHost: elsewhere.test\r\n\r\n`), rule: 'host-mismatch' },
    { what: 'another port in Host', attempt: tunnel(`GET /host HTTP/1.1\r\nHost: ${REGISTRY}:8443\r\n\r\n`), rule: 'host-mismatch' },
    { what: 'a user in Host', attempt: tunnel(`GET /host HTTP/1.1\r\nHost: user@${REGISTRY}\r\n\r\n`), rule: 'host-mismatch' },
    { what: 'no Host', attempt: tunnel('GET /host HTTP/1.0\r\n\r\n'), rule: 'host-mismatch' },
    { what: 'two Hosts', attempt: tunnel(`GET /host HTTP/1.1\r\nHost: ${REGISTRY}\r\nHost: elsewhere.test\r\n\r\n`), rule: ['header', 'malformed'] },
    { what: 'the same Host twice', attempt: tunnel(`GET /host HTTP/1.1\r\nHost: ${REGISTRY}\r\nHost: ${REGISTRY}\r\n\r\n`), rule: ['header', 'malformed'] },
    { what: 'a whole address for a path', attempt: tunnel(`GET https://elsewhere.test/ HTTP/1.1\r\nHost: ${REGISTRY}\r\n\r\n`), rule: 'path' },
    { what: 'a second name after the first', attempt: tunnel(`GET /host HTTP/1.1\r\nHost: ${REGISTRY}, elsewhere.test\r\n\r\n`), rule: 'host-mismatch' },
  ],
  'no request that two readers read differently': [
    { what: 'a length and chunks', attempt: tunnel(`GET /smuggle HTTP/1.1\r\nHost: ${REGISTRY}\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: ${REGISTRY}\r\n\r\n`), rule: ['malformed', 'body'] },
    { what: 'two lengths', attempt: tunnel(`GET /smuggle HTTP/1.1\r\nHost: ${REGISTRY}\r\nContent-Length: 0\r\nContent-Length: 44\r\n\r\n`), rule: 'malformed' },
    { what: 'a coding that is nearly chunked', attempt: tunnel(`GET /smuggle HTTP/1.1\r\nHost: ${REGISTRY}\r\nTransfer-Encoding: xchunked\r\n\r\n`), rule: ['malformed', 'body'] },
    { what: 'a space before the colon', attempt: tunnel(`GET /smuggle HTTP/1.1\r\nHost: ${REGISTRY}\r\nContent-Length : 5\r\n\r\nabcde`), rule: 'malformed' },
    { what: 'a header that goes on in the next line', attempt: tunnel(`GET /smuggle HTTP/1.1\r\nHost: ${REGISTRY}\r\nX: a\r\n Transfer-Encoding: chunked\r\n\r\n`), rule: 'malformed' },
    { what: 'a bare line feed', attempt: tunnel(`GET /smuggle HTTP/1.1\nHost: ${REGISTRY}\n\n`), rule: 'malformed' },
    { what: 'a NUL in a header', attempt: tunnel(`GET /smuggle HTTP/1.1\r\nHost: ${REGISTRY}\r\nX: a\0b\r\n\r\n`), rule: 'malformed' },
    { what: 'HTTP 2 without asking', attempt: tunnel('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), rule: 'malformed' },
    { what: 'HTTP 2, asked for in TLS', attempt: tunnel('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', { alpn: 'h2' }), rule: 'handshake' },
    { what: 'HTTP 0.9', attempt: tunnel('GET /smuggle\r\n\r\n'), rule: ['malformed', 'host-mismatch'] },
    { what: 'a head without an end', attempt: tunnel(get('/smuggle', `X: ${'a'.repeat(20_000)}\r\n`)), rule: 'malformed' },
    { what: 'Expect', attempt: tunnel(get('/smuggle', 'Expect: 100-continue\r\n')), rule: ['header', 'body'] },
  ],
  'no path that leads upwards': [
    '/a/../b', '/..', '/a/./b', '/%2e%2e/b', '/a/.%2E/b', '/a%2f..%2fb', '/a/%2e%2e%2fb', '/a\\..\\b', '/a%5c..%5cb', '/a%00b', '/a%0d%0aX:%20y', '/a#b', '//../x', '/a/..;/b', '/a/%2e%2e;x=y/b', '*',
  ].map((path) => ({ what: path, attempt: tunnel(get(path)), rule: ['path', 'malformed'] })),
  'one spelling of a host': [
    `${REGISTRY}.:443`, `${REGISTRY}%00.elsewhere.test:443`, `${REGISTRY}\0:443`, `user@${REGISTRY}:443`, `elsewhere.test@${REGISTRY}:443`, `${REGISTRY}`, `${REGISTRY}:`, `${REGISTRY}:0443`,
    `${REGISTRY}:443:443`, `${REGISTRY}:65979`, `http://${REGISTRY}:443`, `${REGISTRY}/:443`, `\u0155egistry.test:443`, 'xn--egistry-1db.test:443', '127.1:443', '0x7f.0.0.1:443', '0177.0.0.1:443', '2130706433:443', '0x7f000001:443',
    '127.0.0.1:443', '[::1]:443', '[::ffff:127.0.0.1]:443', '[fe80::1%25eth0]:443', '[fe80::1%eth0]:443', '169.254.169.254:443', 'localhost:443', 'host.docker.internal:443', '0:443', '.:443', `.${REGISTRY}:443`, `${REGISTRY}..:443`, ':443',
    `${REGISTRY}\t:443`, `${REGISTRY} x:443`,
  ].map((target) => ({ what: JSON.stringify(target), attempt: { connect: target, sni: REGISTRY, send: get('/spelled') }, rule: ['target', 'host', 'port', 'malformed'] })),
};
