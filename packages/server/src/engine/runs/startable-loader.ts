// Looks up what is to be started: starts that arrive in the same turn of the event loop share one transaction.
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import type { Kysely } from 'kysely';
import { inWorkspace } from '../../storage/database.ts';
import type { Database } from '../../storage/schema.ts';
import { findStartables } from './runs.store.ts';

export interface StartableFlow {
  flow_id: string;
  slug: string;
  folder: string | null;
  kind: FlowDocument['kind'];
  archived_at: Date | null;
  workspace_archived_at: Date | null;
  off_at: Date | null;
  off_by: string | null;
  off_reason: string | null;
  /** Null, as version and document: the flow only has a draft. */
  version_id: string | null;
  version: number | null;
  document: FlowDocument | null;
}

interface Asked {
  slug: string;
  resolve(found: StartableFlow | undefined): void;
  reject(error: unknown): void;
}

export class StartableLoader {
  readonly #app: Kysely<Database>;
  readonly #asked = new Map<string, Asked[]>();

  constructor(app: Kysely<Database>) {
    this.#app = app;
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
      const rows = await inWorkspace(this.#app, workspaceId, (trx) => findStartables(trx, { slugs }));
      const found = new Map(rows.map((row) => [row.slug, row]));
      for (const one of asked) one.resolve(found.get(one.slug));
    } catch (error) {
      for (const one of asked) one.reject(error);
    }
  }
}
