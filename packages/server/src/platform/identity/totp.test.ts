import { expect, test } from 'vitest';
import { base32, matchingStep, otpauthUri, stepAt, totpCode } from './totp.ts';

const secret = Buffer.from('12345678901234567890');

// RFC 6238, appendix B, the rows of SHA-1.
test.each([
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
])('at %d s the code is %s', (seconds, code) => {
  const step = stepAt(new Date(seconds * 1_000));
  expect(totpCode({ secret, step, digits: 8 })).toBe(code);
  expect(totpCode({ secret, step })).toBe(code.slice(2));
});

// RFC 4648, section 10.
test.each([
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('base32 of "%s" is "%s"', (text, encoded) => expect(base32(Buffer.from(text))).toBe(encoded));

test('takes the code of the step before and after, and no other', () => {
  const now = new Date(1_234_567_890_000);
  const step = stepAt(now);
  const match = (of: number) => matchingStep({ secret, code: totpCode({ secret, step: of }), now });
  expect([-2, -1, 0, 1, 2].map((by) => match(step + by))).toEqual([undefined, step - 1, step, step + 1, undefined]);
  for (const code of ['', '12345', '000000', 'abcdef', '１２３４５６', `${totpCode({ secret, step })}7`])
    expect(matchingStep({ secret, code, now })).toBeUndefined();
});

test('the address for a QR code names whose it is', () => {
  expect(otpauthUri({ secret, email: 'ada&x@example.com' })).toBe(
    `otpauth://totp/Tidewheel%3Aada%26x%40example.com?secret=${base32(secret)}&issuer=Tidewheel&algorithm=SHA1&digits=6&period=30`,
  );
});
