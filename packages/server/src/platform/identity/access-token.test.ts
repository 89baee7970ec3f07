import { createHash, createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { expect, it } from 'vitest';
import { deriveKey } from '../../base/aead.ts';
import { newId } from '../../base/ids.ts';
import { createAccessTokens } from './access-token.ts';

const masterKey = Buffer.alloc(32, 5);
const who = { userId: newId(), workspaceId: newId(), sessionId: newId() };
const tokens = createAccessTokens(masterKey);
const at = (offsetSeconds: number) => createAccessTokens(masterKey, { now: () => new Date(Date.now() + offsetSeconds * 1_000) });

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const parts = (token: string) => token.split('.') as [string, string, string];
const content = (text: string) => JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<string, unknown>;
/** The key of this installation as only the server knows it: what it signs is refused for its content alone. */
const ours = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), deriveKey(masterKey, 'identity/access-token')]),
  format: 'der',
  type: 'pkcs8',
});
function signed(header: unknown, payload: unknown, key: KeyObject = ours): string {
  const text = `${part(header)}.${part(payload)}`;
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`;
}

it('says whose session and workspace it is for, and nothing of the person', async () => {
  const { token, expiresAt } = await tokens.issue(who);
  expect(await tokens.read(token)).toEqual({ ...who, expiresAt });
  const [header, payload] = parts(token);
  expect(content(header)).toEqual({ alg: 'Ed25519', typ: 'at+jwt', kid: expect.any(String) });
  expect(Object.keys(content(payload)).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'jti', 'sid', 'sub', 'wsp']);
  expect((expiresAt.getTime() - Date.now()) / 60_000).toBeCloseTo(15, 1);
});

it('every token is another, and another installation does not read it', async () => {
  const [one, two] = [await tokens.issue(who), await tokens.issue(who)];
  expect(one.token).not.toBe(two.token);
  expect(await createAccessTokens(Buffer.alloc(32, 6)).read(one.token)).toBeNull();
});

it('an expired token is refused, and clocks may be ten seconds apart but no more', async () => {
  const { token } = await tokens.issue(who);
  expect(await at(15 * 60 + 5).read(token)).not.toBeNull();
  expect(await at(15 * 60 + 12).read(token)).toBeNull();
  expect(await at(-5).read(token)).not.toBeNull();
  expect(await at(-15).read(token)).toBeNull();
});

it('the control of the forgeries below: signed right, with the right content, it is taken', async () => {
  const [header, payload] = parts((await tokens.issue(who)).token);
  expect(await tokens.read(signed(content(header), content(payload)))).not.toBeNull();
});

it('headers that lead elsewhere are refused, also when the signature is right', async () => {
  const [headerText, payloadText] = parts((await tokens.issue(who)).token);
  const [header, payload] = [content(headerText), content(payloadText)];
  const forged = [
    { ...header, typ: 'JWT' },
    { ...header, typ: 'rt+jwt' },
    { alg: header['alg'], kid: header['kid'] },
    { ...header, kid: 'another' },
    { alg: header['alg'], typ: header['typ'] },
    { ...header, alg: 'ES256' },
    // The same key and signature under a wider name (RFC 8037): one name is taken and no other.
    { ...header, alg: 'EdDSA' },
    { ...header, crit: ['b64'], b64: false },
    { ...header, crit: ['exp'], exp: 1 },
  ];
  for (const one of forged) expect(await tokens.read(signed(one, payload)), JSON.stringify(one)).toBeNull();
});

it('content that is missing, foreign or too long-lived is refused, also when the signature is right', async () => {
  const [headerText, payloadText] = parts((await tokens.issue(who)).token);
  const [header, payload] = [content(headerText), content(payloadText)];
  const now = Math.floor(Date.now() / 1_000);
  const without = (name: string) => Object.fromEntries(Object.entries(payload).filter(([key]) => key !== name));
  const forged = [
    ...Object.keys(payload).map(without),
    { ...payload, iss: 'https://elsewhere.example' },
    { ...payload, aud: 'urn:tidewheel:web' },
    { ...payload, exp: 'never' },
    { ...payload, exp: now + 365 * 86_400, iat: now - 3_600 },
    { ...payload, iat: now + 3_600, exp: now + 7_200 },
    { ...payload, nbf: now + 3_600 },
    { ...payload, sid: "' or true --" },
    { ...payload, sub: { $ne: null } },
  ];
  for (const one of forged) expect(await tokens.read(signed(header, one)), JSON.stringify(one)).toBeNull();
});

it('alg none, HS256 with the public key, and keys of the forger are refused', async () => {
  const [headerText, payload, signature] = parts((await tokens.issue(who)).token);
  const header = content(headerText);
  for (const alg of ['none', 'None', 'NONE', ''])
    for (const tail of ['', signature]) expect(await tokens.read(`${part({ ...header, alg })}.${payload}.${tail}`), alg).toBeNull();
  const open = createPublicKey(ours);
  const secrets = [
    open.export({ format: 'pem', type: 'spki' }),
    open.export({ format: 'der', type: 'spki' }),
    open.export({ format: 'der', type: 'spki' }).subarray(-32),
  ];
  for (const [alg, hash] of [
    ['HS256', 'sha256'],
    ['HS384', 'sha384'],
    ['HS512', 'sha512'],
  ] as const)
    for (const secret of secrets) {
      const text = `${part({ ...header, alg })}.${payload}`;
      expect(await tokens.read(`${text}.${createHmac(hash, secret).update(text).digest('base64url')}`), alg).toBeNull();
    }
  const forger = generateKeyPairSync('ed25519');
  const jwk = forger.publicKey.export({ format: 'jwk' });
  const kid = createHash('sha256').update('forger').digest('base64url').slice(0, 16);
  for (const led of [{}, { jwk }, { kid }, { kid, jwk }, { jku: 'https://forger.example/jwks.json' }, { x5u: 'https://forger.example/c.pem' }])
    expect(await tokens.read(signed({ ...header, ...led }, content(payload), forger.privateKey)), JSON.stringify(led)).toBeNull();
});

it('a token with another signature, one letter changed, or of another form is refused', async () => {
  const [header, payload, signature] = parts((await tokens.issue(who)).token);
  const [, other] = parts((await tokens.issue({ ...who, userId: newId() })).token);
  const broken = [
    `${header}.${other}.${signature}`,
    // At its beginning: its last letters may be AA by chance, and the very last one holds bits that nobody reads.
    `${header}.${payload}.${signature.startsWith('AA') ? 'BB' : 'AA'}${signature.slice(2)}`,
    `${header}.${payload}`,
    `${header}.${payload}.${signature}.${signature}`,
    `${header}..${payload}.iv.${signature}`,
    ` ${header}.${payload}.${signature}`,
    '',
    'a.b.c',
    '.'.repeat(500),
    'A'.repeat(100_000),
  ];
  for (const one of broken) expect(await tokens.read(one), one.slice(0, 60)).toBeNull();
});
