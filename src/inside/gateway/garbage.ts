import type { Duplex } from 'node:stream';
import type { Target } from '../../engine/gateway/policy/hostName';
import { Verdict } from './report';

/** Ends what is no plain HTTP request: SSH, TLS without a CONNECT, two lengths in one request. */
export function refuseGarbage(socket: Duplex, about: Target = { host: '', port: 0 }): void {
  new Verdict({ ...about, method: '', path: '' }).tell(false, 'malformed');
  if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  else socket.destroy();
}

/** What a server's parser or its clock complains of. A connection that was only dropped has asked for nothing. */
export function onClientError(error: NodeJS.ErrnoException, socket: Duplex, about?: Target): void {
  if (error.code?.startsWith('HPE_') && error.code !== 'HPE_INVALID_EOF_STATE') refuseGarbage(socket, about);
  else socket.destroy();
}
