import { Unreachable } from '@tidewheel/contract/errors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Redactor } from './redactor.ts';

const secret = 'pa55 "word"/+ü';
function watching(...secrets: string[]): Redactor {
  const redactor = new Redactor();
  redactor.watch(secrets);
  return redactor;
}

describe('the redactor', () => {
  const redactor = watching(secret);
  it.each([
    ['as it is', secret],
    ['in JSON', JSON.stringify({ password: secret })],
    ['in an address', `https://host/?p=${encodeURIComponent(secret)}`],
    ['in a form', new URLSearchParams({ p: secret }).toString().replace('%22word%22', encodeURIComponent('"word"'))],
    ['in base64', Buffer.from(secret).toString('base64')],
    ['in base64url', Buffer.from(secret).toString('base64url')],
    ['in hex', Buffer.from(secret).toString('hex')],
    ['in an Authorization header', `Basic ${Buffer.from(`user:${secret}`).toString('base64')}`],
    ['in the middle of base64', Buffer.from(`{"p":"${secret}","q":1}`).toString('base64')],
  ])('finds a secret %s', (_name, text) => {
    expect(redactor.text(`before ${text} after`)).toContain('[redacted]');
  });

  it('finds every secret in base64 wherever it stands in something longer', () => {
    const text = fc.string({ minLength: 8, maxLength: 40 }).filter((value) => value.trim().length >= 8);
    fc.assert(
      fc.property(text, fc.uint8Array({ maxLength: 9 }), fc.uint8Array({ maxLength: 9 }), (word, before, after) => {
        const encoded = Buffer.concat([before, Buffer.from(word), after]).toString('base64');
        expect(watching(word).text(encoded)).toContain('[redacted]');
      }),
    );
  });

  it('leaves other text alone, and short values', () => {
    expect(redactor.text('an ordinary line')).toBe('an ordinary line');
    expect(watching('abc').text('abc abcd')).toBe('abc abcd');
  });

  it('takes each line of a key', () => {
    const key = '-----BEGIN KEY-----\nAAAAB3NzaC1yc2E\nQ2FuIHlvdSByZWFk\n-----END KEY-----\n';
    const clean = watching(key).text(`line one: AAAAB3NzaC1yc2E\nline two: Q2FuIHlvdSByZWFk ${JSON.stringify(key)}`);
    expect(clean).not.toMatch(/AAAAB3|Q2Fu/);
  });

  it('takes the longer of two secrets that begin alike', () => {
    expect(watching('hunter2', 'hunter2-and-more').text('x hunter2-and-more y')).toBe('x [redacted] y');
  });

  it('goes through objects, keys included, without touching the original', () => {
    const value = { list: [{ [secret]: secret }], number: 5, none: null, date: new Date(0) };
    const clean = redactor.deep(value);
    expect(clean).toEqual({ list: [{ '[redacted]': '[redacted]' }], number: 5, none: null, date: new Date(0) });
    expect(value.list[0]).toEqual({ [secret]: secret });
  });

  it('forgets a secret only when all that opened it have let go', () => {
    const counted = new Redactor();
    const [first, second] = [counted.watch([secret]), counted.watch([secret])];
    first();
    first();
    expect(counted.text(secret)).toBe('[redacted]');
    second();
    expect(counted.text(secret)).toBe(secret);
  });

  it('cleans a thrown error in place, its causes, details and stack too', () => {
    const cause = new Error(`login with ${secret} failed`);
    const error = new Unreachable('x.y', `cannot reach with ${secret}`, { hint: `not ${secret}`, details: { tried: [secret] }, cause });
    const abort = new DOMException(`aborted ${secret}`, 'AbortError');
    for (const one of [redactor.error(error), redactor.error(abort)]) expect(one.message).toContain('[redacted]');
    const all = [error.message, error.stack, error.hint, JSON.stringify(error.details), cause.message, cause.stack, abort.message, String(abort)].join('\n');
    expect(all).not.toContain('pa55');
    expect(error).toBeInstanceOf(Unreachable);
    expect(error).toMatchObject({ code: 'x.y', status: 502, retryable: true });
    expect(redactor.error(Object.freeze(new Error(secret)))).toBeInstanceOf(Error);
    expect(redactor.error('no error')).toBe('no error');
  });
});
