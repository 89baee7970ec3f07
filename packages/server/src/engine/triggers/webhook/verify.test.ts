import { createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { bodyOf } from './hook-body.ts';
import { type Proof, type ProofSettings, verifyCall } from './verify.ts';

const settings: ProofSettings = { mode: 'standard', signatureHeader: 'X-Hub-Signature-256', signaturePrefix: 'sha256=', signatureEncoding: 'hex' };
const body = Buffer.from('{"a": "é"}');
const secret = `whsec_${randomBytes(32).toString('base64')}`;
const code = (proof: Partial<Proof>) => {
  try {
    return verifyCall({ settings, headers: {}, body, secrets: [secret], ...proof });
  } catch (thrown) {
    return (thrown as Error).message;
  }
};

describe('Standard Webhooks', () => {
  const signed = (at: Date, by = secret) => ({
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(by).sign('msg_1', at, body.toString()),
  });
  const now = new Date();
  test('a call that was signed with one of the secrets is known by its id', () => {
    expect(code({ headers: signed(now) })).toBe('id msg_1');
    expect(code({ headers: signed(now), secrets: [`whsec_${randomBytes(32).toString('base64')}`, secret] })).toBe('id msg_1');
  });
  test('what does not fit is refused, and says why', () => {
    expect(code({})).toContain('webhook-id, webhook-timestamp and webhook-signature are needed');
    expect(code({ headers: signed(now), body: Buffer.from('{}') })).toContain('the signature does not fit');
    expect(code({ headers: { ...signed(now), 'webhook-id': 'msg_2' } })).toContain('the signature does not fit');
    const dayMs = 86_400_000;
    expect(code({ headers: signed(new Date(now.getTime() - dayMs)) })).toContain('the clock of the sender is slow');
    expect(code({ headers: signed(new Date(now.getTime() + dayMs)) })).toContain('the clock of the sender is fast');
    expect(code({ headers: { ...signed(now), 'webhook-timestamp': 'noon' } })).toContain('not a number of seconds');
  });
});

describe('an HMAC in a header', () => {
  const hmac = { ...settings, mode: 'hmac' as const };
  const plain = 'It is a secret to everybody';
  test('as GitHub documents it', () => {
    // https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries: secret, payload and signature.
    const header = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
    const proof = { settings: hmac, secrets: ["It's a Secret to Everybody"], body: Buffer.from('Hello, World!') };
    expect(code({ ...proof, headers: { 'x-hub-signature-256': header } })).toMatch(/^signature /);
    expect(code({ ...proof, headers: { 'x-hub-signature-256': header.replace('7571', '7572') } })).toContain('does not fit');
    expect(code({ ...proof, headers: { 'x-hub-signature-256': header.slice(7) } })).toContain('does not begin with sha256=');
    expect(code({ ...proof, headers: {} })).toContain('is missing');
  });
  test('in base64, without anything before it', () => {
    const given = { ...hmac, signatureHeader: 'X-Sign', signaturePrefix: '', signatureEncoding: 'base64' as const };
    const headers = { 'x-sign': createHmac('sha256', plain).update(body).digest('base64') };
    expect(code({ settings: given, secrets: [plain], headers })).toMatch(/^signature /);
  });
});

describe('a token, a name and a password', () => {
  const bearer = { ...settings, mode: 'bearer' as const, idHeader: 'Idempotency-Key' };
  const basic = { ...settings, mode: 'basic' as const, user: 'bank' };
  const packed = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
  test('are compared as a whole', () => {
    expect(code({ settings: bearer, headers: { authorization: `Bearer ${secret}` } })).toBe(null);
    expect(code({ settings: bearer, headers: { authorization: `bearer ${secret}`, 'idempotency-key': '7' } })).toBe('id 7');
    expect(code({ settings: bearer, headers: { authorization: `Bearer ${secret}x` } })).toContain('not the right one');
    expect(code({ settings: basic, headers: packed(`bank:${secret}`) })).toBe(null);
    for (const headers of [packed(`bank:${secret.slice(1)}`), packed(`ban:k${secret}`), {}])
      expect(code({ settings: basic, headers })).toContain('not the right ones');
  });
});

test('whatever comes is refused as a wrong proof, never as a fault of ours', () => {
  const texts = fc.dictionary(fc.constantFrom('authorization', 'webhook-id', 'webhook-timestamp', 'webhook-signature', 'x-hub-signature-256'), fc.string());
  fc.assert(
    fc.property(texts, fc.uint8Array(), fc.constantFrom('standard', 'hmac', 'bearer', 'basic'), (headers, bytes, mode) => {
      expect(() => verifyCall({ settings: { ...settings, mode, user: 'u' }, headers, body: Buffer.from(bytes), secrets: [secret] })).toThrow('does not prove');
    }),
  );
});

test('the body is what its Content-Type says, or what the trigger does', () => {
  const of = (text: string, type = '', as: 'auto' | 'json' | 'text' | 'form' = 'auto') => bodyOf({ as, type, bytes: Buffer.from(text, 'latin1') });
  expect(of('{"a":[1]}', 'application/json; charset=utf-8')).toEqual({ a: [1] });
  expect(of('{"a":1}', 'application/cloudevents+json')).toEqual({ a: 1 });
  expect(of('a=1&b=2&a=3', 'application/x-www-form-urlencoded')).toEqual({ a: ['1', '3'], b: '2' });
  expect(of('{"a":1}', 'text/plain')).toBe('{"a":1}');
  expect(of('{"a":1}', 'text/plain', 'json')).toEqual({ a: 1 });
  expect(of('', 'application/json')).toBe(null);
  expect(() => of('{"a":', 'application/json')).toThrow('not valid JSON');
  expect(() => of('{"__proto__": {"x": 1}}', 'application/json')).toThrow('__proto__');
  expect(() => of('\xff', 'text/plain')).toThrow('not valid UTF-8');
});
