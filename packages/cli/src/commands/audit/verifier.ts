// Verifies an export of the audit trail with nothing but Node and the export: this one file, copied anywhere, is the whole verifier.
//   node verifier.ts export.ndjson [--key KEY] [--earlier checkpoint.txt]
// It shares no code with the server. Proofs: RFC 9162 section 2.1; checkpoints: C2SP tlog-checkpoint and signed-note with Ed25519.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

export interface Verdict {
  /** The export, its proofs and its checkpoint agree. */
  sound: boolean;
  /** What does not, each with where. */
  faults: string[];
  entries: number;
  /** Entries whose content retention erased: their place is proven, their content is gone. */
  erased: number;
  /** Leaves in the signed tree. */
  size: number;
  /** Every leaf of the tree is in the export. */
  complete: boolean;
  workspace: string;
  /** Who signed. Compare it with the key you got by another way. */
  key: string;
  root: string;
}

export interface Expected {
  /** The verifier key you trust; else the one in the export is used, which proves that the export agrees with itself only. */
  key?: string | undefined;
  /** The text of a checkpoint that was kept elsewhere; it must be of the same tree. Needs a complete export. */
  earlier?: string | undefined;
}

interface Head {
  workspace: string;
  key: string;
  checkpoint: string;
  complete: boolean;
}
interface Entry {
  leafIndex: number;
  leaf: string;
  payload: string | null;
  salt: string | null;
  path: string[];
}
interface Checkpoint {
  origin: string;
  size: number;
  root: Buffer;
}

const mostFaults = 100;

/** Verifies line by line, whatever the length of the export. Never throws for what the export says. */
export async function verifyAudit(lines: AsyncIterable<string>, expected: Expected = {}): Promise<Verdict> {
  const faults: string[] = [];
  const fault = (text: string) => {
    if (faults.length < mostFaults) faults.push(text);
  };
  let work: Work | null = null;
  let ended = false;
  let number = 0;
  for await (const line of lines) {
    number++;
    if (line === '') continue;
    try {
      const value = JSON.parse(line) as { type?: unknown };
      if (work === null) work = new Work(headOf(value), expected, fault);
      else if (ended) fault(`line ${number}: stands behind the end`);
      else if (value.type === 'entry') work.entry(value as unknown as Entry, `line ${number}`);
      else if (value.type === 'end') {
        ended = true;
        if ((value as { entries?: unknown }).entries !== work.entries) fault(`line ${number}: the end tells of another number of entries than there are`);
      } else fault(`line ${number}: neither an entry nor the end`);
    } catch (error) {
      fault(`line ${number}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (work !== null && !ended) fault('the export has no end: it was cut short');
  if (work === null) fault('there is no export in this file');
  work?.finish();
  return { sound: faults.length === 0, faults, ...(work?.told() ?? { entries: 0, erased: 0, size: 0, complete: false, workspace: '', key: '', root: '' }) };
}

function headOf(value: unknown): Head {
  const head = value as Partial<Head> & { type?: unknown; version?: unknown };
  const texts = [head.workspace, head.key, head.checkpoint].every((text) => typeof text === 'string');
  if (head.type !== 'audit' || head.version !== 1 || !texts) throw new Error('is not the head of an audit export of version 1');
  return head as Head;
}

class Work {
  entries = 0;
  readonly #head: Head;
  readonly #fault: (text: string) => void;
  readonly #checkpoint: Checkpoint;
  readonly #key: string;
  #erased = 0;
  #last = -1;
  /** Roots of the complete subtrees of the leaves so far, largest first. */
  readonly #forest: { leaves: number; hash: Buffer }[] = [];
  readonly #earlier: Checkpoint | null = null;
  #earlierFound = false;

  constructor(head: Head, expected: Expected, fault: (text: string) => void) {
    this.#head = head;
    this.#fault = fault;
    this.#key = expected.key ?? head.key;
    if (this.#key !== head.key) fault('the export was signed with another key than the expected one');
    this.#checkpoint = openNote(head.checkpoint, this.#key);
    if (this.#checkpoint.origin !== `tidewheel-audit/${head.workspace}`) fault('the checkpoint is of another workspace than the export');
    if (expected.earlier !== undefined) {
      this.#earlier = openNote(expected.earlier, this.#key);
      if (this.#earlier.origin !== this.#checkpoint.origin) fault('the earlier checkpoint is of another workspace');
      if (!head.complete) fault('an earlier checkpoint can only be compared with a complete export');
    }
  }

  entry(entry: Entry, where: string): void {
    this.entries++;
    if (!Number.isSafeInteger(entry.leafIndex) || entry.leafIndex <= this.#last) this.#fault(`${where}: the entries are not in the order of the tree`);
    if (this.#head.complete && entry.leafIndex !== this.#last + 1) this.#fault(`${where}: entry ${this.#last + 1} is missing`);
    this.#last = entry.leafIndex;
    const leaf = JSON.parse(entry.leaf) as { workspace: string; id: string; payload: string };
    const named = `${where}, entry ${leaf.id}`;
    if (leaf.workspace !== this.#head.workspace) this.#fault(`${named}: is of another workspace`);
    this.#content(entry, leaf.payload, named);
    const hash = sha256(Buffer.of(0), Buffer.from(entry.leaf));
    const path = entry.path.map((part) => Buffer.from(part, 'base64'));
    const root = rootFromPath({ index: entry.leafIndex, size: this.#checkpoint.size, hash, path });
    if (!root?.equals(this.#checkpoint.root)) this.#fault(`${named}: is not the entry that was signed at place ${entry.leafIndex}`);
    this.#grow(hash);
  }

  finish(): void {
    if (!this.#head.complete) return;
    if (this.entries !== this.#checkpoint.size) this.#fault(`the signed tree has ${this.#checkpoint.size} entries, the export has ${this.entries}`);
    if (!this.#root().equals(this.#checkpoint.root)) this.#fault('the entries together do not make the signed tree');
    if (this.#earlier && this.#earlier.size === 0) this.#earlierFound = true;
    if (this.#earlier && !this.#earlierFound) this.#fault(`the first ${this.#earlier.size} entries are not those of the earlier checkpoint`);
  }

  told(): Omit<Verdict, 'sound' | 'faults'> {
    const { size, root } = this.#checkpoint;
    const { workspace, complete } = this.#head;
    return { entries: this.entries, erased: this.#erased, size, complete: complete === true, workspace, key: this.#key, root: root.toString('base64') };
  }

  #content(entry: Entry, signed: string, where: string): void {
    if (entry.payload === null || entry.salt === null) {
      this.#erased++;
      if (entry.payload !== entry.salt) this.#fault(`${where}: has a content without salt, or a salt without content`);
      return;
    }
    const hash = sha256(Buffer.from(entry.salt, 'hex'), Buffer.from(entry.payload)).toString('hex');
    if (hash !== signed) this.#fault(`${where}: its content was changed`);
  }

  #grow(hash: Buffer): void {
    if (!this.#head.complete) return;
    let grown = { leaves: 1, hash };
    for (let left = this.#forest.at(-1); left?.leaves === grown.leaves; left = this.#forest.at(-1)) {
      this.#forest.pop();
      grown = { leaves: 2 * left.leaves, hash: children(left.hash, grown.hash) };
    }
    this.#forest.push(grown);
    if (this.entries === this.#earlier?.size) this.#earlierFound = this.#root().equals(this.#earlier.root);
  }

  #root(): Buffer {
    const hashes = this.#forest.map((tree) => tree.hash);
    return hashes.length === 0 ? sha256() : hashes.reduceRight((right, left) => children(left, right));
  }
}

function sha256(...parts: Buffer[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
function children(left: Buffer, right: Buffer): Buffer {
  return sha256(Buffer.of(1), left, right);
}

/** RFC 9162 section 2.1.3.2. @returns null when the path is too short or too long */
export function rootFromPath({ index, size, hash, path }: { index: number; size: number; hash: Buffer; path: Buffer[] }): Buffer | null {
  if (index >= size) return null;
  let [fn, sn] = [index, size - 1];
  let root = hash;
  for (const part of path) {
    if (sn === 0) return null;
    if (fn % 2 === 1 || fn === sn) {
      root = children(part, root);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)];
    } else root = children(root, part);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 ? root : null;
}

export interface ConsistencyClaim {
  earlier: { size: number; root: Buffer };
  later: { size: number; root: Buffer };
  proof: Buffer[];
}

/** RFC 9162 section 2.1.4.2: whether the later tree began with the earlier one. */
export function isConsistent({ earlier, later, proof }: ConsistencyClaim): boolean {
  if (earlier.size > later.size) return false;
  if (earlier.size === later.size) return proof.length === 0 && earlier.root.equals(later.root);
  if (earlier.size === 0) return proof.length === 0;
  const parts = Number.isInteger(Math.log2(earlier.size)) ? [earlier.root, ...proof] : proof;
  const [first, ...rest] = parts;
  if (!first) return false;
  let [fn, sn] = [earlier.size - 1, later.size - 1];
  while (fn % 2 === 1) [fn, sn] = [(fn - 1) / 2, Math.floor(sn / 2)];
  let [fr, sr] = [first, first];
  for (const part of rest) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      [fr, sr] = [children(part, fr), children(part, sr)];
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, Math.floor(sn / 2)];
    } else sr = children(sr, part);
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  }
  return sn === 0 && fr.equals(earlier.root) && sr.equals(later.root);
}

/** The DER that stands before the 32 bytes of an Ed25519 public key (RFC 8410). */
const publicKeyHead = Buffer.from('302a300506032b6570032100', 'hex');

/** The text of a signed note whose signature by `key` holds. @throws Error */
export function verifyNote(note: string, key: string): string {
  const parts = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(key);
  if (!parts) throw new Error('the key is not a verifier key (name+id+base64)');
  const [, name = '', id = '', encoded = ''] = parts;
  const bytes = Buffer.from(encoded, 'base64');
  const computed = sha256(Buffer.from(`${name}\n`), bytes)
    .subarray(0, 4)
    .toString('hex');
  if (bytes.length !== 33 || bytes[0] !== 1 || computed !== id) throw new Error('the key is not a sound Ed25519 verifier key');
  const at = note.lastIndexOf('\n\n');
  if (at < 0) throw new Error('the checkpoint is not a signed note');
  const text = note.slice(0, at + 1);
  const publicKey = createPublicKey({ key: Buffer.concat([publicKeyHead, bytes.subarray(1)]), format: 'der', type: 'spki' });
  const signatures = note
    .slice(at + 2)
    .split('\n')
    .filter((line) => line.startsWith(`— ${name} `))
    .map((line) => Buffer.from(line.slice(`— ${name} `.length), 'base64'));
  const holds = signatures.some((one) => one.subarray(0, 4).toString('hex') === id && verify(null, Buffer.from(text), publicKey, one.subarray(4)));
  if (!holds) throw new Error('the signature of the checkpoint does not hold');
  return text;
}

/** A signed checkpoint's content. @throws Error when its signature does not hold or it is none */
export function openNote(note: string, key: string): Checkpoint {
  const [origin = '', size = '', root = ''] = verifyNote(note, key).split('\n');
  const hash = Buffer.from(root, 'base64');
  if (!/^(0|[1-9]\d{0,15})$/.test(size) || hash.length !== 32) throw new Error('the note is not a checkpoint');
  return { origin, size: Number(size), root: hash };
}

/** The lines of a file; `-` is standard input. */
export function linesOf(file: string): AsyncIterable<string> {
  return createInterface({ input: file === '-' ? process.stdin : createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
}

/** What a person reads. */
export function verdictLines(verdict: Verdict, keyWasGiven: boolean): string[] {
  const { sound, faults, entries, erased, size, complete, workspace, key, root } = verdict;
  return [
    sound ? 'SOUND: nothing was changed.' : 'NOT SOUND:',
    ...faults.map((text) => `  ${text}`),
    `workspace  ${workspace}`,
    `entries    ${entries} of ${size}${complete ? ' (complete)' : ' (a selection: what is left out is not proven)'}`,
    `erased     ${erased}`,
    `root       ${root}`,
    `key        ${key}${keyWasGiven ? '' : '  (taken from the export: compare it with the one you know)'}`,
  ];
}

async function main(args: string[]): Promise<number> {
  const after = (option: string) => (args.includes(option) ? args[args.indexOf(option) + 1] : undefined);
  const [file] = args;
  if (file === undefined || file.startsWith('--')) {
    process.stderr.write('Usage: node verifier.ts export.ndjson [--key KEY] [--earlier checkpoint.txt]\n');
    return 2;
  }
  const [key, earlierFile] = [after('--key'), after('--earlier')];
  const earlier = earlierFile === undefined ? undefined : await readFile(earlierFile, 'utf8');
  const verdict = await verifyAudit(linesOf(file), { key, earlier });
  process.stdout.write(`${verdictLines(verdict, key !== undefined).join('\n')}\n`);
  return verdict.sound ? 0 : 1;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
