import { expect, test } from 'vitest';
import { passwordFault } from './password-fault.ts';

const rules = { email: 'ada.lovelace@example.com', minLength: 12 };
const fault = (password: string, changed: Partial<typeof rules> = {}) => passwordFault(password, { ...rules, ...changed });

test.each([
  'password1234',
  'Passw0rd!2026',
  'P@$$w0rd12345',
  'iloveyouforever',
  'ILoveYou2much!!',
  'qwertyuiop123',
  'qwerty123456!',
  '1q2w3e4r5t6y',
  '1qaz2wsx3edc',
  'poiuytrewq123',
  'abcdefghijkl',
  '123456789012',
  '20261120-1234',
  'aaaaaaaaaaaa',
  'abcabcabcabc',
  'monkeydragon1',
  'Sunshine-Princess-1',
  'admin-admin-admin',
  'Liverpool2025!!',
  'letmein-letmein',
  'Welcome!2026!!!',
  'summer.winter.77',
  'ｐａｓｓｗｏｒｄ1234',
])('%s is refused as common', (password) => expect(fault(password.slice(0, 40), { minLength: 8 })).toMatch(/attackers try/));

test.each(['correct horse battery staple', 'lamp-otter-gravel-nine', 'vK9#tLm2&qXz', 'the ferry leaves at seven from pier nine', 'Ünterwegs-mit-7-Katzen'])(
  '%s is fine',
  (password) => expect(fault(password)).toBeNull(),
);

test('counts characters, not bytes, to the length that was set', () => {
  expect(fault('kurz und gut')).toBeNull();
  expect(fault('kurz und gu')).toBe('must have at least 12 characters');
  expect(fault('lamp-otter-gra', { minLength: 15 })).toBe('must have at least 15 characters');
});

test('must not hold the name before the @, in any writing', () => {
  expect(fault('Ada.Lovelace-und-Katze')).toMatch(/e-mail/);
  expect(fault('xx adalovelace yy')).toMatch(/e-mail/);
  expect(fault('lamp-otter-gravel-ab', { email: 'ab@example.com' })).toBeNull();
});

test.each(['a'.repeat(128), 'ab'.repeat(64), '!1'.repeat(64), 'love'.repeat(31)])('judges long and hostile texts: %s', (text) => {
  expect(fault(text)).toMatch(/attackers/);
});
