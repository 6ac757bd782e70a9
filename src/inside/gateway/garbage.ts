import type { Duplex } from 'node:stream';
import type { Target } from '../../engine/gateway/policy/hostName';
import { Verdict } from './report';

/** Ends what is no plain HTTP request: SSH, TLS without a CONNECT, two lengths in one request. */
export function refuseGarbage(socket: Duplex, about: Target = { host: '', port: 0 }): void {
  new Verdict({ ...about, method: '', path: '' }).tell(false, 'malformed');
  if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  else socket.destroy();
}
