// Kerberos message tokens as WinRM splits them. gss_wrap gives one token (RFC 4121, 4.2.4): header, then what is encrypted, then checksum. Windows wants all that is not
// the message in front, which is the same token with its end rotated to the front by the length that the header then names (RRC, 4.2.5).
import { Unreachable } from '@tidewheel/contract/errors';
import type { KerberosClient } from './kerberos-library.ts';
import type { MessageSeal, SealedMessage } from './ntlm-sign-in.ts';

const headerLength = 16;

/** @throws Unreachable for a token of an older encryption type, which has another form */
export function splitToken(token: Buffer, messageLength: number): SealedMessage {
  const isWrap = token.length >= headerLength && token.readUInt16BE(0) === 0x0504;
  if (!isWrap || token.readUInt16BE(6) !== 0 || token.readUInt16BE(4) !== 0)
    throw new Unreachable('winrm.kerberos_token', 'Kerberos seals messages in an old form (DES or RC4) that is not supported.', {
      hint: 'Let the account and the host use AES (msDS-SupportedEncryptionTypes), or use https.',
    });
  const body = token.subarray(headerLength);
  // What follows the message: the encrypted copy of the header and the checksum. The confounder, one block of AES, goes before it.
  const confounder = 16;
  const turn = body.length - messageLength - confounder;
  const header = Buffer.from(token.subarray(0, headerLength));
  header.writeUInt16BE(turn, 6);
  const rotated = Buffer.concat([header, body.subarray(body.length - turn), body.subarray(0, body.length - turn)]);
  const signatureLength = headerLength + turn + confounder;
  return { signature: rotated.subarray(0, signatureLength), sealed: rotated.subarray(signatureLength) };
}

export function kerberosSeal(client: KerberosClient): MessageSeal {
  return {
    async seal(message) {
      const token = await client.wrap(Buffer.from(message).toString('base64'), { protect: true });
      return splitToken(Buffer.from(token, 'base64'), message.length);
    },
    async open({ signature, sealed }) {
      const token = Buffer.concat([signature, sealed]).toString('base64');
      const opened = await client.unwrap(token).catch(() => undefined);
      return opened === undefined ? undefined : Buffer.from(opened, 'base64');
    },
  };
}
