// Looks up which webhook is called: calls that arrive in the same turn of the event loop share one query, and nothing is cached but opened secrets.
import { Conflict } from '@tidewheel/contract/errors';
import { type FiringTrigger, findFiring } from '../firing.store.ts';
import type { TriggerDeps } from '../trigger-deps.ts';
import { openSecret } from '../trigger-secret.service.ts';

interface Asked {
  resolve(found: FiringTrigger | undefined): void;
  reject(error: unknown): void;
}
interface Opened {
  version: number;
  current: string;
  previous: string | null;
  release(): void;
}

const mostSecrets = 1_000;

export class HookLoader {
  readonly #deps: Pick<TriggerDeps, 'databases' | 'vault'>;
  #asked = new Map<string, Asked[]>();
  readonly #secrets = new Map<string, Opened>();

  constructor(deps: Pick<TriggerDeps, 'databases' | 'vault'>) {
    this.#deps = deps;
  }

  find(id: string): Promise<FiringTrigger | undefined> {
    return new Promise((resolve, reject) => {
      if (this.#asked.size === 0) setImmediate(() => void this.#load());
      this.#asked.set(id, [...(this.#asked.get(id) ?? []), { resolve, reject }]);
    });
  }

  async #load(): Promise<void> {
    const asked = this.#asked;
    this.#asked = new Map();
    try {
      const found = new Map((await findFiring(this.#deps.databases.enginePool, [...asked.keys()])).map((one) => [one.id, one]));
      for (const [id, waiting] of asked) for (const one of waiting) one.resolve(found.get(id));
    } catch (error) {
      for (const waiting of asked.values()) for (const one of waiting) one.reject(error);
    }
  }

  /** Those that count now. Opened once for each version of them; the redactor knows them meanwhile. @throws Conflict `trigger.no_secret_yet` */
  async secretsOf({ id, workspace_id, slug, credential_id, secret_version, secret_previous_until }: FiringTrigger): Promise<string[]> {
    if (credential_id === null)
      throw new Conflict('trigger.no_secret_yet', `The webhook "${slug}" has no secret yet, so nobody can prove himself.`, {
        hint: 'Give it one: on its page, or `tidewheel trigger secret`.',
      });
    const known = this.#secrets.get(id);
    const opened = known?.version === secret_version ? known : await this.#open({ id, workspace_id, credential_id, secret_version });
    const counts = opened.previous !== null && secret_previous_until !== null && secret_previous_until > new Date();
    return counts && opened.previous !== null ? [opened.current, opened.previous] : [opened.current];
  }

  async #open({
    id,
    workspace_id,
    credential_id,
    secret_version,
  }: {
    id: string;
    workspace_id: string;
    credential_id: string;
    secret_version: number;
  }): Promise<Opened> {
    const opened = { ...(await openSecret(this.#deps, { workspace_id, credential_id })), version: secret_version };
    this.#forget(id);
    if (this.#secrets.size >= mostSecrets) for (const other of this.#secrets.keys()) this.#forget(other);
    this.#secrets.set(id, opened);
    return opened;
  }

  #forget(id: string): void {
    this.#secrets.get(id)?.release();
    this.#secrets.delete(id);
  }

  close(): void {
    for (const id of this.#secrets.keys()) this.#forget(id);
  }
}
