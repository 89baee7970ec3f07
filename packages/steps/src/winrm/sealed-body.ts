// Messages sealed by the sign-in, as HTTP carries them (MS-WSMV 2.2.9.1): two parts, the first says what the second decrypts to.
import { Unreachable } from '@tidewheel/contract/errors';
import type { MessageSeal } from './ntlm-sign-in.ts';

const boundary = '--Encrypted Boundary';

/** NTLM is named so too: it comes within Negotiate. */
const protocol = 'application/HTTP-SPNEGO-session-encrypted';

export const sealedType = `multipart/encrypted;protocol="${protocol}";boundary="Encrypted Boundary"`;

export function sealBody({ seal, message }: { seal: MessageSeal; message: Uint8Array }): Buffer {
  const { signature, sealed } = seal.seal(message);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(signature.length);
  const head = [
    boundary,
    `\tContent-Type: ${protocol}`,
    `\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length=${message.length}`,
    boundary,
    '\tContent-Type: application/octet-stream',
    '',
  ].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), size, signature, sealed, Buffer.from(`${boundary}--\r\n`, 'latin1')]);
}

/** @throws Unreachable when it is not whole, or not what the other side sealed */
export function openBody({ seal, body }: { seal: MessageSeal; body: Buffer }): Buffer {
  const octets = body.indexOf('application/octet-stream\r\n');
  const end = body.lastIndexOf(boundary);
  const [, length] = /Length=(\d+)/.exec(body.subarray(0, Math.max(octets, 0)).toString('latin1')) ?? [];
  const start = octets + 'application/octet-stream\r\n'.length;
  if (octets < 0 || length === undefined || end < start + 4) throw notWhole();
  const signatureLength = body.readUInt32LE(start);
  const signatureEnd = start + 4 + signatureLength;
  if (signatureEnd > end) throw notWhole();
  const opened = seal.open({ signature: body.subarray(start + 4, signatureEnd), sealed: body.subarray(signatureEnd, end) });
  if (opened?.length !== Number(length)) throw notWhole();
  return opened;
}

function notWhole(): Unreachable {
  return new Unreachable('winrm.seal', 'The host sent a sealed message that is damaged, or was changed on its way.', {
    hint: 'Look for a proxy in between that changes HTTP; the connection was given up.',
  });
}
