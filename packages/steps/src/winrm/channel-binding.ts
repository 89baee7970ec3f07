// Ties a sign-in to the TLS connection it is made over (RFC 5929 tls-server-end-point, RFC 2744 3.11), so that nobody in between can pass it on.
import { createHash, type X509Certificate } from 'node:crypto';

/** The hash function is that of the certificate's own signature, but at least SHA-256 (RFC 5929, 4.1). */
export function endPointToken(certificate: X509Certificate): Buffer {
  const [, bits] = /SHA-?(384|512)/i.exec(certificate.signatureAlgorithm ?? '') ?? [];
  const hash = createHash(bits ? `sha${bits}` : 'sha256')
    .update(certificate.raw)
    .digest();
  return Buffer.concat([Buffer.from('tls-server-end-point:', 'latin1'), hash]);
}

/** MD5 of the gss_channel_bindings_struct, as NTLM carries it (MS-NLMP 2.2.2.1, MsvAvChannelBindings). */
export function channelBindingHash(certificate: X509Certificate): Buffer {
  const token = endPointToken(certificate);
  const head = Buffer.alloc(20);
  head.writeUInt32LE(token.length, 16);
  return createHash('md5').update(head).update(token).digest();
}
