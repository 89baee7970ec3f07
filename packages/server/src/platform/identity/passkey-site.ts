// Where passkeys work. A passkey belongs to a domain (the relying party's id), never to an IP address, and browsers want https except on localhost.
import { isIP } from 'node:net';

export interface RelyingParty {
  id: string;
  /** The one address whose pages may ask for passkeys. */
  origin: string;
}

/**
 * @param origin where this server is reached, `https://tidewheel.example.org`. Of a server on 127.0.0.1 the name is localhost.
 * @returns null when no passkey can work there
 */
export function relyingParty(origin: string): RelyingParty | null {
  const { protocol, hostname, port } = new URL(origin);
  const isOwnMachine = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
  if (isOwnMachine) return { id: 'localhost', origin: `${protocol}//localhost${port === '' ? '' : `:${port}`}` };
  if (protocol !== 'https:' || hostname.startsWith('[') || isIP(hostname) !== 0) return null;
  return { id: hostname, origin: new URL(origin).origin };
}
