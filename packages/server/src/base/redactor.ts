// Knows the secrets that are open right now and takes them out of every text that leaves: logs, errors, events, metadata.

const mark = '[redacted]';
/** Shorter values would black out ordinary words; the vault refuses secrets that short. */
const shortest = 4;
/** Fewer characters of base64 would be found by chance. */
const shortestInside = 6;

/** How a secret may look in a text: as it is, in JSON, in an address or a form, in hex, and in base64 also in the middle of something longer (`user:password`). */
function forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const json = JSON.stringify(secret).slice(1, -1);
  const url = encodeURIComponent(secret);
  const inBase64 = [0, 1, 2].flatMap((offset) => base64Inside(bytes, offset));
  return [
    secret,
    json,
    url,
    url.replaceAll('%20', '+'),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    bytes.toString('base64').replace(/=+$/, ''),
    ...inBase64,
  ].flatMap((form) => [form, form.replaceAll('+', '-').replaceAll('/', '_')]);
}

// `offset` bytes of something else stand before it: the characters that depend on these, or on what follows, are left out.
function base64Inside(bytes: Buffer, offset: number): string[] {
  const all = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const start = offset === 0 ? 0 : offset + 1;
  const end = (offset + bytes.length) % 3 === 0 ? all.length : all.length - 1;
  const sure = all.slice(start, end);
  return sure.length >= shortestInside ? [sure] : [];
}

export class Redactor {
  readonly #open = new Map<string, number>();
  #pattern: RegExp | null = null;

  /** Adds values until the returned function is called. Values under 4 characters are ignored. Multi-line values also count line by line. */
  watch(secrets: Iterable<string>): () => void {
    const added = new Set<string>();
    for (const secret of secrets) {
      const parts = [secret, ...secret.split(/\r?\n/).map((line) => line.trim())];
      for (const part of parts) if (part.length >= shortest) for (const form of forms(part)) added.add(form);
    }
    for (const form of added) this.#count(form, 1);
    return () => {
      for (const form of added) this.#count(form, -1);
      added.clear();
    };
  }

  // The pattern is made anew only when the set of forms changes: many steps open one secret at once.
  #count(form: string, by: 1 | -1): void {
    const now = (this.#open.get(form) ?? 0) + by;
    if (now <= 0) this.#open.delete(form);
    else this.#open.set(form, now);
    if (now <= 0 || (now === 1 && by === 1)) this.#pattern = null;
  }

  text(value: string): string {
    if (this.#open.size === 0) return value;
    this.#pattern ??= new RegExp(
      this.#longestFirst()
        .map((form) => form.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('|'),
      'g',
    );
    return value.replace(this.#pattern, mark);
  }

  /** The beginning of a text, of at most so many characters and without a secret that the cut left half of; what is beyond costs nothing. */
  head(value: string, length: number): string {
    const longest = this.#longestFirst()[0]?.length ?? 0;
    if (value.length <= length + longest) return this.text(value).slice(0, length);
    return this.text(value.slice(0, length + longest))
      .slice(0, -longest || undefined)
      .slice(0, length);
  }

  #longestFirst(): string[] {
    return [...this.#open.keys()].sort((a, b) => b.length - a.length);
  }

  /** A copy of any JSON-like value with every string in it redacted, keys included. */
  deep<T>(value: T): T {
    if (this.#open.size === 0) return value;
    return this.#walk(value) as T;
  }

  /**
   * Takes the secrets out of a thrown error in place, causes included, and gives it back. For the last moment before a secret is
   * released: whoever stores or logs the error later can no longer recognise it.
   */
  error<T>(thrown: T, depth = 0): T {
    if (this.#open.size === 0 || !(thrown instanceof Error) || depth > 8) return thrown;
    for (const key of new Set(['message', 'stack', ...Object.getOwnPropertyNames(thrown)])) {
      const value = (thrown as unknown as Record<string, unknown>)[key];
      const clean = value instanceof Error ? this.error(value, depth + 1) : this.#walk(value);
      if (clean !== value) Reflect.defineProperty(thrown, key, { value: clean, writable: true, configurable: true });
    }
    return thrown;
  }

  #walk(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.#walk(item));
    if (value && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.text(key), this.#walk(item)]));
    }
    return value;
  }
}

/** The one redactor of this process: the vault feeds it, every sink asks it. */
export const redactor = new Redactor();
