// A provider that answers what a test tells it to, sound or not: what no honest one would send.
import { createHmac, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

type Json = Record<string, unknown>;

export interface Forger {
  issuer: string;
  /** Of the next ID token, over sound ones. */
  claims: Json;
  userInfo: Json | null;
  algorithm: 'RS256' | 'HS256' | 'none';
  /** Over the metadata. */
  metadata: Json;
  secret: string;
  /** Another key pair with another id; the old one is withdrawn. */
  rotate(): void;
  /** Signs with a key that is not published. */
  signsWithStranger: boolean;
  /** What came to the token endpoint, newest last. */
  tokenRequests: URLSearchParams[];
  stop(): Promise<void>;
}

const base64Url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

export async function startForger({ secret }: { secret: string }): Promise<Forger> {
  let keys = newKeys(1);
  const server = http.createServer((request, response) => {
    const reply = (body: unknown) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.url === '/.well-known/openid-configuration') return reply(metadataOf(forger));
    if (request.url === '/jwks') return reply({ keys: [{ ...keys.publicKey.export({ format: 'jwk' }), kid: keys.kid, use: 'sig', alg: 'RS256' }] });
    if (request.url === '/userinfo') return reply(forger.userInfo);
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      forger.tokenRequests.push(new URLSearchParams(body));
      reply({
        access_token: 'an-access-token',
        token_type: 'Bearer',
        expires_in: 60,
        id_token: idToken(forger, forger.signsWithStranger ? { ...newKeys(9), kid: keys.kid } : keys),
      });
    });
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const forger: Forger = {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    claims: {},
    userInfo: null,
    algorithm: 'RS256',
    metadata: {},
    secret,
    signsWithStranger: false,
    tokenRequests: [],
    rotate() {
      keys = newKeys(Number(keys.kid) + 1);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return forger;
}

function newKeys(kid: number): { publicKey: KeyObject; privateKey: KeyObject; kid: string } {
  return { ...generateKeyPairSync('rsa', { modulusLength: 2_048 }), kid: String(kid) };
}

function metadataOf({ issuer, userInfo, metadata }: Forger): Json {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    ...(userInfo === null ? {} : { userinfo_endpoint: `${issuer}/userinfo` }),
    id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    authorization_response_iss_parameter_supported: true,
    ...metadata,
  };
}

function idToken({ issuer, claims, algorithm, secret }: Forger, { privateKey, kid }: { privateKey: KeyObject; kid: string }): string {
  const now = Math.floor(Date.now() / 1_000);
  const payload = { iss: issuer, aud: 'tidewheel', iat: now, exp: now + 60, ...claims };
  const signed = `${base64Url({ alg: algorithm, kid })}.${base64Url(payload)}`;
  if (algorithm === 'none') return `${signed}.`;
  if (algorithm === 'HS256') return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
  return `${signed}.${createSign('sha256').update(signed).sign(privateKey, 'base64url')}`;
}
