import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { isPublicOnly } from '../../../src/engine/sync/publicKeys';
import { Session } from './support/session';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const PKCS8 = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const SEC1 = privateKey.export({ type: 'sec1', format: 'pem' }).toString();
const LOCKED = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString();
const PUBLIC = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const CERTIFICATE = `${rootCertificates[0]}\n`;
const BUNDLE = rootCertificates.map((pem, at) => `# Issuer: CN=Root ${at} O=Größe\n# Serial: 1234567890\nRoot ${at}\n${'='.repeat(60)}\n# SHA256 Fingerprint: ${'ab:'.repeat(31)}cd\n${pem}\n`).join('\n');
const body = (pem: string) => pem.split('\n').slice(1, -2).join('\n');

describe('files that are named like keys', () => {
  const goes: Array<[string, string]> = [
    ['a certificate', CERTIFICATE], ['a CA bundle with comments', BUNDLE], ['a public key', PUBLIC],
    ['Windows line ends', CERTIFICATE.replace(/\n/g, '\r\n')],
    ['no newline at the end', CERTIFICATE.trimEnd()],
  ];
  const stays: Array<[string, string | Buffer]> = [
    ['a key', PKCS8], ['a key of the older kind', SEC1], ['a key under a passphrase', LOCKED], ['a certificate and its key', CERTIFICATE + SEC1],
    ['a key before its certificate', PKCS8 + CERTIFICATE], ['a key in the middle of a bundle', BUNDLE + PKCS8 + BUNDLE],
    ['a key whose frame is indented', CERTIFICATE + SEC1.replace(/^/gm, '  ')], ['a key without its frame', CERTIFICATE + body(SEC1)],
    ['a key in short lines with a frame of its own', `${CERTIFICATE}-- PRIVATE KEY\n${body(SEC1).replace(/.{16}/g, '$&\n')}\n--`],
    ['a frame that is not closed', CERTIFICATE + PUBLIC.replace(/-----END.*/, '')], ['a kind nobody knows', CERTIFICATE.replaceAll('CERTIFICATE', 'THING')],
    ['a key within a certificate\'s frame', `-----BEGIN CERTIFICATE-----\n${SEC1}-----END CERTIFICATE-----\n`],
    ['what openssl prints of a key', `${CERTIFICATE}priv:\n    4f:aa:01:02:03:04:05:06:07:08:09:0a:\n`], ['UTF-16', Buffer.from(`\ufeff${CERTIFICATE}`, 'utf16le')],
    ['bytes', Buffer.from('3082025c02010002818100', 'hex')], ['bytes behind a certificate', Buffer.concat([Buffer.from(CERTIFICATE), Buffer.alloc(8)])],
    ['nothing', ''], ['text', 'no key here\n'], ['more than is read', CERTIFICATE + '#\n'.repeat(1024 * 1024)],
  ];
  for (const [name, content] of goes) it(`${name}: goes`, () => assert.equal(isPublicOnly(Buffer.from(content)), true));
  for (const [name, content] of stays) it(`${name}: stays`, () => assert.equal(isPublicOnly(Buffer.from(content)), false));

  it('are looked into by the scan: the public ones are sent, and no longer when a key comes in', async () => {
    const session = new Session();
    const old = new Date(Date.now() - 60_000);
    try {
      // The change time is what counts as age, and nobody can set it.
      session.now = () => Date.now() + 10_000;
      session.host.write('ca.pem', BUNDLE, { mtime: old });
      session.host.write('public.key', PUBLIC);
      session.host.write('server.pem', CERTIFICATE + PKCS8);
      session.host.write('.gitignore', 'ignored.pem\n');
      session.host.write('ignored.pem', CERTIFICATE);
      session.host.link('link.pem', 'server.pem');
      session.host.write('secrets/id_rsa', PUBLIC);
      const { scan } = await session.sync();
      assert.deepEqual([...session.box.held.keys()].sort(), ['.gitignore', 'ca.pem', 'public.key', 'secrets']);
      assert.deepEqual(scan.heldBack.map(({ path, why }) => `${path}: ${why}`).sort(), [
        'ignored.pem: .gitignore: ignored.pem', 'link.pem: it may hold a private key', 'secrets/id_rsa: an SSH key', 'server.pem: it may hold a private key',
      ]);
      session.host.write('ca.pem', BUNDLE + PKCS8);
      session.host.write('server.pem', CERTIFICATE);
      await session.sync();
      assert.deepEqual([...session.box.held.keys()].sort(), ['.gitignore', 'public.key', 'secrets', 'server.pem']);
    } finally {
      session.dispose();
    }
  });

  it('wait when they were only just written', async () => {
    const session = new Session();
    try {
      session.host.write('ca.pem', BUNDLE);
      session.now = () => 0;
      await session.sync();
      assert.equal(session.box.held.size, 0);
      session.now = () => Date.now() + 10_000;
      await session.sync();
      assert.equal(session.box.held.size, 1);
    } finally {
      session.dispose();
    }
  });
});
