// The vectors of MS-NLMP 4.2 (common values and NTLMv2), of RFC 1320 for MD4 and of RFC 6229 for RC4.
import { describe, expect, it } from 'vitest';
import { md4 } from './md4.ts';
import { messageKeys, NtlmSealer, respond, responseKey, utf16 } from './ntlm-keys.ts';
import { av, readChallenge, writePairs } from './ntlm-messages.ts';
import { NtlmSignIn } from './ntlm-sign-in.ts';
import { Rc4 } from './rc4.ts';

const hex = (text: string) => Buffer.from(text.replace(/\s+/g, ''), 'hex');

describe('MD4', () => {
  it.each([
    ['', '31d6cfe0d16ae931b73c59d7e0c089c0'],
    ['a', 'bde52cb31de33e46245e05fbdbd6fb24'],
    ['abc', 'a448017aaf21d8525fc10ae87aa6729d'],
    ['message digest', 'd9130a8164549fe818874806e1c7014b'],
    ['abcdefghijklmnopqrstuvwxyz', 'd79e1c308aa5bbcdeea8ed63df412da9'],
    ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', '043f8582f241db351ce627e153e7f0e4'],
    ['12345678901234567890123456789012345678901234567890123456789012345678901234567890', 'e33b4ddc9c38f2199c3e7b164fcc0536'],
  ])('of %j is as RFC 1320 says', (text, digest) => {
    expect(md4(Buffer.from(text)).toString('hex')).toBe(digest);
  });
});

describe('RC4', () => {
  it('is as RFC 6229 says, also when the data comes in pieces', () => {
    const key = hex('0102030405060708090a0b0c0d0e0f10');
    expect(new Rc4(key).apply(Buffer.alloc(32)).toString('hex')).toBe('9ac7cc9a609d1ef7b2932899cde41b975248c4959014126a6e8a84f11d1a9e1c');
    const inPieces = new Rc4(key);
    expect(Buffer.concat([7, 9, 16].map((size) => inPieces.apply(Buffer.alloc(size)))).toString('hex')).toBe(
      '9ac7cc9a609d1ef7b2932899cde41b975248c4959014126a6e8a84f11d1a9e1c',
    );
  });
});

describe('NTLMv2 by MS-NLMP 4.2.4', () => {
  const account = { user: 'User', domain: 'Domain', password: 'Password' };
  const key = responseKey(account);
  // 4.2.4: the server's names, as attribute-value pairs.
  const targetInfo = writePairs(
    new Map([
      [2, utf16('Domain')],
      [1, utf16('Server')],
    ]),
  );
  const responses = respond({
    key,
    serverChallenge: hex('0123456789abcdef'),
    clientChallenge: hex('aaaaaaaaaaaaaaaa'),
    time: Buffer.alloc(8),
    targetInfo,
  });
  const exportedKey = hex('55555555555555555555555555555555');

  it('makes the keys of 4.2.4.1', () => {
    expect(key.toString('hex')).toBe('0c868a403bfd7a93a3001ef22ef02e3f');
    expect(responses.sessionBaseKey.toString('hex')).toBe('8de40ccadbc14a82f15cb0ad0de95ca3');
  });

  it('makes the answers of 4.2.4.2', () => {
    expect(responses.lm.toString('hex')).toBe('86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa');
    expect(responses.nt.subarray(0, 16).toString('hex')).toBe('68cd0ab851e51c96aabc927bebef6a1c');
    expect(new Rc4(responses.sessionBaseKey).apply(exportedKey).toString('hex')).toBe('c5dad2544fc9799094ce1ce90bc9d03e');
  });

  it('makes the whole message of 4.2.4.3, but for the names and the MIC that only newer versions have', () => {
    const challenge = hex(`4e544c4d53535000 02000000 0c000c0038000000 33828ae2 0123456789abcdef 0000000000000000 24002400 44000000
      0600 7017 0000 000f 5300650072007600650072000200 0c00 44006f006d00610069006e000100 0c00 530065007200760065007200 0000 0000`);
    const randoms = [hex('aaaaaaaaaaaaaaaa'), exportedKey];
    const { token } = new NtlmSignIn({ account, servicePrincipal: 'HTTP/server', random: () => randoms.shift() ?? Buffer.alloc(0) }).answer(challenge);
    expect(readChallenge(challenge).targetInfo).toEqual(
      new Map([
        [2, utf16('Domain')],
        [1, utf16('Server')],
      ]),
    );
    expect(token.includes(hex('86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa'))).toBe(true);
    expect(token.subarray(72, 88)).toEqual(Buffer.alloc(16));
    expect(token.includes(utf16('HTTP/server'))).toBe(true);
  });

  it('signs and seals the message of 4.2.4.4', () => {
    const keys = messageKeys(exportedKey, 'client');
    expect(keys.sealing.toString('hex')).toBe('59f600973cc4960a25480a7c196e4c58');
    expect(keys.signing.toString('hex')).toBe('4788dc861b4782f35d43fd98fe1a2d39');
    const { sealed, signature } = new NtlmSealer(exportedKey, 'client').seal(utf16('Plaintext'));
    expect(sealed.toString('hex')).toBe('54e50165bf1936dc996020c1811b0f06fb5f');
    expect(signature.toString('hex')).toBe('010000007fb38ec5c55d497600000000');
  });

  it('opens what the other side sealed in its order, and nothing that was changed', () => {
    const from = new NtlmSealer(exportedKey, 'server');
    const to = new NtlmSealer(exportedKey, 'server');
    for (const text of ['one', 'two', 'three']) expect(to.open(from.seal(Buffer.from(text)))?.toString()).toBe(text);
    const changed = from.seal(Buffer.from('four'));
    changed.sealed[0] = (changed.sealed[0] ?? 0) ^ 1;
    expect(to.open(changed)).toBeUndefined();
  });
});

describe('a challenge that is none', () => {
  const sign = () => new NtlmSignIn({ account: { user: 'u', domain: '', password: 'p' }, servicePrincipal: 'HTTP/h' });
  it.each([Buffer.alloc(0), Buffer.from('NTLMSSP\0'), Buffer.alloc(64, 255)])('is said to be none', (bytes) => {
    expect(() => sign().answer(bytes)).toThrow(/no challenge/);
  });
  it('is refused when its lengths lead outside or it offers too little', () => {
    const weak = Buffer.alloc(48);
    weak.write('NTLMSSP\0', 'latin1');
    weak.writeUInt32LE(2, 8);
    expect(() => sign().answer(weak)).toThrow(/old form/);
    weak.writeUInt16LE(400, 40);
    expect(() => sign().answer(weak)).toThrow(/no challenge/);
    expect(av.end).toBe(0);
  });
});
