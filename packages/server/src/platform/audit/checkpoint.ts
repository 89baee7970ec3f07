// Signed checkpoints: the text form of C2SP tlog-checkpoint, signed as C2SP signed-note with Ed25519.
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { deriveKey } from '../../base/aead.ts';

export interface Signer {
  /** `name+key id+base64`: what a verifier needs, C2SP signed-note. */
  key: string;
  sign(text: string): string;
}

/** The algorithm byte of Ed25519 in a signed note's key. */
const ed25519 = Buffer.of(1);
/** RFC 8410: the DER that stands before the 32 bytes of an Ed25519 private key. */
const privateKeyHead = Buffer.from('302e020100300506032b657004220420', 'hex');

/** The signing key follows from the master key, as the vault's keys do: no further secret has to be kept or backed up. */
export function createSigner(masterKey: Buffer): Signer {
  return signerOf('tidewheel-audit', deriveKey(masterKey, 'audit/checkpoint-signing-key'));
}

export function signerOf(name: string, seed: Buffer): Signer {
  const privateKey = createPrivateKey({ key: Buffer.concat([privateKeyHead, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = Buffer.concat([ed25519, rawPublicKey(privateKey)]);
  const id = createHash('sha256').update(`${name}\n`).update(publicKey).digest().subarray(0, 4);
  return {
    key: `${name}+${id.toString('hex')}+${publicKey.toString('base64')}`,
    sign: (text) => `${text}\n— ${name} ${Buffer.concat([id, sign(null, Buffer.from(text), privateKey)]).toString('base64')}\n`,
  };
}

function rawPublicKey(privateKey: KeyObject): Buffer {
  return createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
}

/** One log for each workspace; its origin line tells them apart. */
export function checkpointText({ workspaceId, size, root }: { workspaceId: string; size: number; root: Buffer }): string {
  return `tidewheel-audit/${workspaceId}\n${size}\n${root.toString('base64')}\n`;
}
