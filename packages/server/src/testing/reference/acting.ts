// What the step `test.act` of generated flows does, as its configuration says: the same for the step itself and for the reference.

export interface Acting {
  /** Its value: this, and the weights of all that is named here and of its inputs. */
  add: number;
  of: string[];
  /** So many first attempts fail for a reason that may pass; `never`: each of them. */
  fails: number;
  /** It refuses for good when this holds. */
  refuses: string | null;
  ms: number;
  /** It does something outside, under its idempotency key. */
  delivers: boolean;
  /** It keeps a part of its work with `ctx.once`. */
  keeps: boolean;
  /** Keys of which it holds a slot, as its `limit` says. */
  holds: string[];
}

/** Longer than any time limit. */
export const endlessMs = 60_000;

/** More than any policy tries, and than any step is taken from dead workers. */
export const never = 99;

export function actingOf(config: Readonly<Record<string, unknown>>): Acting {
  return {
    add: Number(config['add'] ?? 0),
    of: (config['of'] ?? []) as string[],
    fails: Number(config['fails'] ?? 0),
    refuses: (config['refuses'] ?? null) as string | null,
    ms: Number(config['ms'] ?? 0),
    delivers: config['delivers'] === true,
    keeps: config['keeps'] === true,
    holds: (config['holds'] ?? []) as string[],
  };
}

export function sumOf(acting: Acting, weights: readonly number[]): number {
  return weights.reduce((sum, one) => sum + one, acting.add) % 997;
}
