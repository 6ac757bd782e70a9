/** A bigger file of that name is no bundle of certificates that anybody made; it stays without being read. */
export const MOST_PEM_BYTES = 1024 * 1024;

const PUBLIC = new Set([
  'CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE', 'CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST', 'X509 CRL',
  'PUBLIC KEY', 'RSA PUBLIC KEY', 'DH PARAMETERS', 'EC PARAMETERS', 'PKCS7', 'CMS',
]);
const BLOCK = /^-----BEGIN ([A-Z0-9 ]+)-----[ \t]*\r?\n[A-Za-z0-9+/=\s]*?^-----END \1-----[ \t]*\r?$/gm;
/** What a key might look like without its frame: a long word, or the pairs of hex digits that openssl prints. */
const KEY_LIKE = /[A-Za-z0-9+/]{40,}|^\s*(?:[0-9a-f]{2}:){8,}/im;

/**
 * True when a file of a key's name holds public things only: whole PEM blocks of known kinds, and between them comments as CA
 * bundles have them. Whatever is doubtful is none.
 */
export function isPublicOnly(content: Buffer): boolean {
  if (content.length > MOST_PEM_BYTES) return false;
  const text = content.toString('latin1');
  let blocks = 0;
  let known = true;
  const rest = text.replace(BLOCK, (_, kind: string) => {
    blocks += 1;
    known &&= PUBLIC.has(kind);
    return '';
  });
  return blocks > 0 && known && !/PRIVATE|-----/i.test(rest) && !KEY_LIKE.test(rest) && !/[^\t\n\r\x20-\x7e\x80-\xff]/.test(rest);
}
