// Knows the secrets that are open right now and takes them out of every text that leaves: logs, errors, events, metadata.

const mark = '[redacted]';
/** Shorter values would black out ordinary words; the vault refuses secrets that short. */
const shortest = 4;

function forms(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const base64 = Buffer.from(secret).toString('base64');
  return [secret, json, encodeURIComponent(secret), base64, base64.replace(/=+$/, ''), Buffer.from(secret).toString('base64url')];
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
    for (const form of added) this.#open.set(form, (this.#open.get(form) ?? 0) + 1);
    this.#pattern = null;
    return () => {
      for (const form of added) {
        const left = (this.#open.get(form) ?? 1) - 1;
        if (left <= 0) this.#open.delete(form);
        else this.#open.set(form, left);
      }
      added.clear();
      this.#pattern = null;
    };
  }

  text(value: string): string {
    if (this.#open.size === 0) return value;
    this.#pattern ??= new RegExp(
      [...this.#open.keys()]
        .sort((a, b) => b.length - a.length)
        .map((form) => form.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('|'),
      'g',
    );
    return value.replace(this.#pattern, mark);
  }

  /** A copy of any JSON-like value with every string in it redacted, keys included. */
  deep<T>(value: T): T {
    if (this.#open.size === 0) return value;
    return this.#walk(value) as T;
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
