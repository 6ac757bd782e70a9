/** Where a program tries to get to. */
export interface Place { what: string; address: string; port: number; how: 'tcp' | 'udp' | 'icmp' }

/** Runs inside a container, sent there as its own source text: answers the places it got an answer from within so many seconds. */
export function reachProgram(places: Place[], seconds: number): void {
  const { connect } = process.getBuiltinModule('node:net');
  const { createSocket } = process.getBuiltinModule('node:dgram');
  const { spawn } = process.getBuiltinModule('node:child_process');
  const v6 = (address: string) => address.includes(':');
  // Node knows no ICMP; a datagram socket of it takes no privilege.
  const ping = `use Socket; socket(S, PF_INET, SOCK_DGRAM, 1) or die "$!"; my $m = pack("C2 n3 A8", 8, 0, 0, 1, 1, "petriabc"); my $s = unpack("%32n*", $m); $s = ($s >> 16) + ($s & 0xffff); $s += $s >> 16; substr($m, 2, 2) = pack("n", ~$s & 0xffff); send(S, $m, 0, sockaddr_in(0, inet_aton($ARGV[0]))) or exit 1; my $r = ""; vec($r, fileno(S), 1) = 1; exit(select($r, undef, undef, ${seconds}) ? 0 : 1)`;
  const attempt = ({ address, port, how }: Place) => new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), seconds * 1000);
    const done = (reached: boolean) => {
      clearTimeout(timer);
      resolve(reached);
    };
    if (how === 'icmp') return void spawn('perl', ['-e', ping, address], { stdio: 'ignore' }).on('close', (code) => done(code === 0));
    if (how === 'tcp') return void connect(port, address).on('connect', () => done(true)).on('error', () => done(false));
    const socket = createSocket(v6(address) ? 'udp6' : 'udp4').on('message', () => done(true)).on('error', () => done(false));
    socket.send('hello', port, address, (error) => { if (error) done(false); });
  });
  void Promise.all(places.map(attempt)).then((reached) => {
    process.stdout.write(JSON.stringify(places.filter((_, index) => reached[index]).map(({ what, how }) => `${how} ${what}`)), () => process.exit(0));
  });
}

/** Runs on the engine's own network: listens wherever it can, says where that is, and echoes. */
export function listenerProgram(): void {
  const { createServer } = process.getBuiltinModule('node:net');
  const { createSocket } = process.getBuiltinModule('node:dgram');
  const { networkInterfaces } = process.getBuiltinModule('node:os');
  process.stdin.resume().on('end', () => process.exit(0));
  const echo = (type: 'udp4' | 'udp6', port: number, address: string) => {
    const socket = createSocket({ type, ipv6Only: type === 'udp6' });
    socket.on('message', (message, from) => socket.send(message, from.port, from.address)).bind(port, address);
  };
  const server = createServer((socket) => socket.end('host\n').on('error', () => undefined));
  // On :: it takes IPv4 as well.
  server.listen(0, '::', () => {
    const { port } = server.address() as { port: number };
    echo('udp4', port, '0.0.0.0');
    echo('udp6', port, '::');
    const addresses = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).filter(({ internal, scopeid }) => !internal && !scopeid).map(({ address }) => address));
    process.stdout.write(`${JSON.stringify({ port, addresses })}\n`);
  });
}
