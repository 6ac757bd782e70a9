import type { IncomingMessage, ServerResponse } from 'node:http';

/** What the upstream is told on stdin. */
export interface UpstreamConfig {
  certificate: string; key: string;
  /** Answers by name, one list a query; the last stays. `self` is its own address. A name that is not here does not exist. */
  names: Record<string, string[][]>;
  /** Bodies in base64 by path, in front of everything else it serves. */
  files?: Record<string, string>;
}

/** One line of its own log. */
export type Seen =
  | { kind: 'ready'; address: string } | { kind: 'mark'; line: string } | { kind: 'proxy'; target: string; authorization: string } | { kind: 'dns'; name: string } | { kind: 'tls'; sni: string }
  | { kind: 'http'; method: string; url: string; headers: Record<string, string> } | { kind: 'sent'; url: string; bytes: number };

/** Runs inside a container, sent there as its own source text: a registry and a resolver that tell all they see. */
export function upstreamProgram(): void {
  const module = process.getBuiltinModule;
  const { createInterface } = module('node:readline');
  const { networkInterfaces } = module('node:os');
  const say = (seen: unknown) => process.stdout.write(`${JSON.stringify(seen)}\n`);
  const self = Object.values(networkInterfaces()).flat().find((one) => one && !one.internal && one.family === 'IPv4')!.address;
  let flaky = 0;

  const serve = (files: Record<string, string>) => (request: IncomingMessage, answer: ServerResponse) => {
    const url = request.url!;
    say({ kind: 'http', method: request.method, url, headers: request.headers });
    const path = new URL(url, 'https://x').pathname;
    const send = (body: Buffer | string, status = 200, headers: Record<string, string> = {}) => {
      answer.writeHead(status, { 'content-length': String(Buffer.byteLength(body)), ...headers });
      answer.end(request.method === 'HEAD' ? undefined : body, () => say({ kind: 'sent', url, bytes: Buffer.byteLength(body) }));
    };
    const file = files[decodeURIComponent(path)];
    // pip reads no page that does not call itself one.
    if (file !== undefined) return send(Buffer.from(file, 'base64'), 200, path.endsWith('/') ? { 'content-type': 'text/html' } : {});
    const [, action = '', argument = '', size = '0'] = path.split('/');
    if (action === 'silence') return;
    if (action === 'bytes') return send(Buffer.alloc(Number(argument), 'x'));
    if (action === 'redirect') return send('', 302, { location: decodeURIComponent(argument) });
    if (action === 'flaky' && (flaky += 1) < 3) return send('later', 503);
    if (action === 'down') return send('down', 503);
    if (action === 'cut') {
      answer.writeHead(200, { 'content-length': '100000' });
      return void answer.write(Buffer.alloc(50_000, 'x'), () => request.socket.destroy());
    }
    if (action === 'cookie') return send('ok', 200, { 'set-cookie': 'a=b', 'strict-transport-security': 'max-age=1' });
    if (action === 'cached') return send(`artefact ${argument} ${'x'.repeat(Number(size))}`, 200, { 'cache-control': 'public, max-age=31536000, immutable', etag: '"1"' });
    if (action === 'fresh') return send(`${Math.random()}`, 200, { 'cache-control': 'no-cache' });
    if (action === 'huge') {
      answer.writeHead(200, { 'content-length': argument });
      let left = Number(argument);
      const chunk = Buffer.alloc(1 << 16);
      const more = (): void => {
        while (left > 0) {
          left -= chunk.length;
          if (!answer.write(left < 0 ? chunk.subarray(0, chunk.length + left) : chunk)) return void answer.once('drain', more);
        }
        answer.end();
      };
      return more();
    }
    return send('ok');
  };

  const resolver = (config: UpstreamConfig) => {
    const socket = module('node:dgram').createSocket('udp4');
    const asked = new Map<string, number>();
    socket.on('message', (query, from) => {
      const labels: string[] = [];
      let at = 12;
      for (let length = query[at]!; length > 0; length = query[at]!) {
        labels.push(query.subarray(at + 1, at + 1 + length).toString('latin1'));
        at += length + 1;
      }
      const name = labels.join('.').toLowerCase();
      const type = query.readUInt16BE(at + 1);
      say({ kind: 'dns', name });
      const lists = config.names[name];
      const turn = asked.get(name) ?? 0;
      if (type === 1) asked.set(name, turn + 1);
      const addresses = type === 1 && lists ? lists[Math.min(turn, lists.length - 1)]!.map((one) => (one === 'self' ? self : one)) : [];
      const head = Buffer.from(query.subarray(0, at + 5));
      head.writeUInt16BE(lists ? 0x8180 : 0x8183, 2);
      head.writeUInt16BE(addresses.length, 6);
      head.writeUInt32BE(0, 8);
      const records = addresses.map((address) => Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]));
      socket.send(Buffer.concat([head, ...records]), from.port, from.address);
    });
    return new Promise<void>((resolve) => socket.bind(53, '0.0.0.0', resolve));
  };

  // A company's proxy: lets everything through, to the registry.
  const proxy = module('node:http').createServer().on('connect', (request, near) => {
    say({ kind: 'proxy', target: request.url, authorization: request.headers['proxy-authorization'] ?? '' });
    const far = module('node:net').connect(443, self, () => {
      near.write('HTTP/1.1 200 OK\r\n\r\n');
      near.pipe(far).pipe(near);
    });
    for (const socket of [near, far]) socket.on('error', () => [near, far].forEach((one) => one.destroy()));
  });

  let started = false;
  createInterface({ input: process.stdin }).on('close', () => process.exit(0)).on('line', (line) => {
    if (started) return say({ kind: 'mark', line });
    started = true;
    const config = JSON.parse(line) as UpstreamConfig;
    const server = module('node:https').createServer({
      cert: config.certificate, key: config.key,
      SNICallback: (sni, done) => {
        say({ kind: 'tls', sni });
        done(null);
      },
    }, serve(config.files ?? {}));
    void resolver(config).then(() => proxy.listen(3128, '0.0.0.0', () => server.listen(443, '0.0.0.0', () => say({ kind: 'ready', address: self }))));
  });
}
