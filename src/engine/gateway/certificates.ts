// x509's own injector asks for it, before anything of it is loaded.
import 'reflect-metadata';
import { webcrypto, createPrivateKey } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const HOUR_MS = 3_600_000;
/** A door's life and much more; clocks in the engine's machine may be behind or ahead. */
const VALID_MS = 48 * HOUR_MS;

/** An authority that signed for these names and can sign no more: its private key was never outside this function. */
export interface Certificates {
  /** PEM of the authority: what the tools inside trust. */
  authority: string;
  /** PEM by host name. */
  hosts: Map<string, { certificate: string; key: string }>;
}

/** Makes an authority of its own for one door, and a certificate for each name. `now`: ms since the epoch. */
export async function makeCertificates(names: readonly string[], sandboxId: string, now: number): Promise<Certificates> {
  const valid = { notBefore: new Date(now - VALID_MS), notAfter: new Date(now + VALID_MS) };
  const keys = await newKeys();
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    ...valid, name: `CN=Petri gateway of ${sandboxId}`, keys, signingAlgorithm: ALGORITHM, serialNumber: serial(),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true), new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const own = await newKeys();
  const key = createPrivateKey({ key: Buffer.from(await webcrypto.subtle.exportKey('pkcs8', own.privateKey)), format: 'der', type: 'pkcs8' })
    .export({ format: 'pem', type: 'pkcs8' }).toString();
  const hosts = new Map<string, { certificate: string; key: string }>();
  for (const name of new Set(names)) {
    const certificate = await x509.X509CertificateGenerator.create({
      ...valid, subject: 'CN=Petri gateway', issuer: authority.subject, publicKey: own.publicKey, signingKey: keys.privateKey, signingAlgorithm: ALGORITHM,
      serialNumber: serial(),
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true), new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension([{ type: /^[\d.]+$|:/.test(name) ? 'ip' : 'dns', value: name }]),
        await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    hosts.set(name, { certificate: certificate.toString('pem'), key });
  }
  return { authority: `${authority.toString('pem')}\n`, hosts };
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
}

/** Positive, and never the same twice: tools keep certificates of one issuer apart by it. */
function serial(): string {
  return `01${Buffer.from(webcrypto.getRandomValues(new Uint8Array(15))).toString('hex')}`;
}
