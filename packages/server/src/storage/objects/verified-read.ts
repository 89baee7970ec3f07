// Proves on the way out that an object is still what was stored.
import { createHash } from 'node:crypto';
import { type Readable, Transform } from 'node:stream';
import { Unreachable } from '@tidewheel/contract/errors';

/** Passes `source` on, its last piece only when the SHA-256 of all is right: damaged content never arrives whole. */
export function verifiedRead(source: Readable, sha256: string): Readable {
  const hash = createHash('sha256');
  let held: Buffer | undefined;
  const gate = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      if (held) this.push(held);
      held = chunk;
      done();
    },
    flush(done) {
      if (hash.digest('hex') !== sha256) return done(damaged(sha256));
      if (held) this.push(held);
      done();
    },
  });
  source.on('error', (error) => gate.destroy(error));
  gate.on('close', () => source.destroy());
  return source.pipe(gate);
}

function damaged(sha256: string): Unreachable {
  return new Unreachable('object.damaged', `The object ${sha256.slice(0, 12)}… is no longer what was stored: its SHA-256 differs.`, {
    hint: 'Check the disk of the object store and restore the object from a backup.',
    details: { sha256 },
  });
}
