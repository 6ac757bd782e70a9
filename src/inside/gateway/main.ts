import { createInterface } from 'node:readline';
import type { GatewayConfig } from '../../engine/gateway/messages';
import { report } from './report';
import { openGateway } from './gateway';

/**
 * The gateway: the only neighbour of an install. It is told everything once, on stdin, and talks on stdout alone; when its
 * stdin ends there is nobody left to answer for, and it goes.
 */
async function main(): Promise<void> {
  const lines = createInterface({ input: process.stdin, crlfDelay: Infinity });
  lines.on('close', () => process.exit(0));
  const [config] = await new Promise<[GatewayConfig]>((resolve) => lines.once('line', (line) => resolve([JSON.parse(line) as GatewayConfig])));
  const port = await openGateway(config);
  report({ event: 'ready', port });
}

// An error nobody caught leaves nothing to trust: whoever uses this door sees it close.
void main();
