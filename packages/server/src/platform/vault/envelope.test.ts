import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SealBroken } from '../../base/aead.ts';
import { keyEncryptionKey, openSecret, sealSecret } from './envelope.ts';

const kek = keyEncryptionKey(Buffer.alloc(32, 1));
const place = { workspaceId: '01890000-0000-7000-8000-000000000001', credentialId: '01890000-0000-7000-8000-00000000000a', purpose: 'connection:sftp' };
const plain = Buffer.from('{"password":"correct horse battery staple"}');

describe('an envelope', () => {
  it('opens in its own place', () => {
    const envelope = sealSecret({ kek, place, plain });
    expect(openSecret({ kek, place, envelope }).equals(plain)).toBe(true);
    expect(envelope.key_id).toMatch(/^local:[0-9a-f]{16}$/);
  });
  it('holds neither the secret nor a key', () => {
    const envelope = sealSecret({ kek, place, plain });
    const all = Buffer.concat([envelope.ciphertext, envelope.nonce, envelope.wrapped_key]);
    expect(all.includes('horse')).toBe(false);
    expect(all.includes(kek.key)).toBe(false);
    expect(envelope.key_id).not.toContain(kek.key.toString('hex').slice(0, 8));
  });
  it('uses a fresh data key each time', () => {
    const [one, two] = [sealSecret({ kek, place, plain }), sealSecret({ kek, place, plain })];
    expect(() => openSecret({ kek, place, envelope: { ...one, wrapped_key: two.wrapped_key } })).toThrow(SealBroken);
  });
  it.each([
    ['workspace', { ...place, workspaceId: '01890000-0000-7000-8000-000000000002' }],
    ['credential', { ...place, credentialId: '01890000-0000-7000-8000-00000000000b' }],
    ['purpose', { ...place, purpose: 'connection:folder' }],
  ])('does not open in another %s', (_name, elsewhere) => {
    const envelope = sealSecret({ kek, place, plain });
    expect(() => openSecret({ kek, place: elsewhere, envelope })).toThrow(SealBroken);
  });
  it('does not open with another key, or when any part is changed or cut', () => {
    const envelope = sealSecret({ kek, place, plain });
    expect(() => openSecret({ kek: keyEncryptionKey(randomBytes(32)), place, envelope })).toThrow(SealBroken);
    for (const part of ['ciphertext', 'nonce', 'wrapped_key'] as const) {
      for (const at of envelope[part].keys()) {
        const changed = Buffer.from(envelope[part]);
        changed[at] = (changed[at] ?? 0) ^ 1;
        expect(() => openSecret({ kek, place, envelope: { ...envelope, [part]: changed } })).toThrow(SealBroken);
        expect(() => openSecret({ kek, place, envelope: { ...envelope, [part]: envelope[part].subarray(0, at) } })).toThrow(SealBroken);
      }
    }
  });
});
