// A caller of one webhook, by Standard Webhooks, over connections that are kept.
import { createHmac, randomUUID } from 'node:crypto';
import { type Agent, request } from 'node:http';

export interface Hook {
  origin: string;
  id: string;
  /** `whsec_…` */
  secret: string;
}

export interface Signed {
  headers: Record<string, string>;
  body: string;
}

export function signer({ secret }: Pick<Hook, 'secret'>): (n: number) => Signed {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  return (n) => {
    const [message, body, at] = [randomUUID(), JSON.stringify({ n }), String(Math.floor(Date.now() / 1000))];
    const signature = createHmac('sha256', key).update(`${message}.${at}.${body}`).digest('base64');
    return { body, headers: { 'content-type': 'application/json', 'webhook-id': message, 'webhook-timestamp': at, 'webhook-signature': `v1,${signature}` } };
  };
}

/** @returns the status, once the whole answer is there */
export function ask(agent: Agent, address: string, { body, headers = {} }: Partial<Signed> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const sent = request(address, { agent, method, headers }, (answer) => answer.resume().once('end', () => resolve(answer.statusCode ?? 0)));
    sent.once('error', reject).end(body);
  });
}
