import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { makeCertificates } from '../../../src/engine/gateway/certificates';

describe('a door\'s certificates', () => {
  it('are signed by an authority of the door\'s own, for one name each', async () => {
    const [made, other] = await Promise.all([makeCertificates(['a.example', '10.0.0.5', 'a.example'], 'sb_1', Date.now()), makeCertificates(['a.example'], 'sb_2', Date.now())]);
    const authority = new X509Certificate(made.authority);
    assert.equal(authority.ca, true);
    assert.deepEqual([...made.hosts.keys()], ['a.example', '10.0.0.5']);
    const leaf = new X509Certificate(made.hosts.get('a.example')!.certificate);
    assert.ok(leaf.verify(authority.publicKey) && leaf.checkIssued(authority) && !leaf.ca);
    assert.equal(leaf.checkHost('a.example'), 'a.example');
    assert.equal(leaf.checkHost('b.example'), undefined);
    assert.equal(new X509Certificate(made.hosts.get('10.0.0.5')!.certificate).checkIP('10.0.0.5'), '10.0.0.5');
    assert.equal(leaf.verify(new X509Certificate(other.authority).publicKey), false);
  });

  it('are what a client that trusts only them accepts, and another door\'s are not', async () => {
    const [made, other] = await Promise.all([makeCertificates(['a.example'], 'sb_1', Date.now()), makeCertificates(['a.example'], 'sb_2', Date.now())]);
    const { certificate, key } = made.hosts.get('a.example')!;
    const server = createServer({ cert: certificate, key }, (socket) => socket.end()).listen(0, '127.0.0.1');
    server.on('tlsClientError', () => undefined);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const greet = (ca: string, servername: string) => new Promise<string>((resolve) => {
      const socket = connect({ port, host: '127.0.0.1', ca, servername }, () => {
        socket.destroy();
        resolve('trusted');
      }).on('error', (error: NodeJS.ErrnoException) => resolve(error.code!));
    });
    assert.equal(await greet(made.authority, 'a.example'), 'trusted');
    assert.notEqual(await greet(other.authority, 'a.example'), 'trusted');
    assert.equal(await greet(made.authority, 'b.example'), 'ERR_TLS_CERT_ALTNAME_INVALID');
    server.close();
  });
});
