// Looks up what is to be started: starts that arrive in the same turn of the event loop share one statement.
import type pg from 'pg';
import { findPublished, type StartableFlow } from './runs.store.ts';

interface Asked {
  slug: string;
  resolve(found: StartableFlow | undefined): void;
  reject(error: unknown): void;
}

export class StartableLoader {
  readonly #pool: pg.Pool;
  readonly #asked = new Map<string, Asked[]>();

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  find(workspaceId: string, slug: string): Promise<StartableFlow | undefined> {
    return new Promise((resolve, reject) => {
      const together = this.#asked.get(workspaceId);
      if (together) return void together.push({ slug, resolve, reject });
      this.#asked.set(workspaceId, [{ slug, resolve, reject }]);
      setImmediate(() => void this.#load(workspaceId));
    });
  }

  async #load(workspaceId: string): Promise<void> {
    const asked = this.#asked.get(workspaceId) ?? [];
    this.#asked.delete(workspaceId);
    try {
      const slugs = [...new Set(asked.map((one) => one.slug))];
      const rows = await findPublished(this.#pool, { workspaceId, slugs });
      const found = new Map(rows.map((row) => [row.slug, row]));
      for (const one of asked) one.resolve(found.get(one.slug));
    } catch (error) {
      for (const one of asked) one.reject(error);
    }
  }
}
