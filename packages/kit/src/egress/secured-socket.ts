import type { Socket } from 'node:net';
import tls from 'node:tls';

/**
 * TLS over a connection that was made by `connectAllowed`, for protocols whose client leaves that to us.
 * @returns the encrypted socket after the handshake. @throws what the handshake failed with
 */
export async function securedSocket(socket: Socket, options: tls.ConnectionOptions): Promise<Socket> {
  const encrypted = tls.connect({ ...options, socket });
  await new Promise<void>((resolve, reject) => {
    encrypted.once('secureConnect', resolve);
    encrypted.once('error', reject);
    encrypted.once('close', () => reject(Object.assign(new RangeError('the connection was closed during the TLS handshake'), { code: 'EPROTO' })));
  });
  return encrypted;
}
