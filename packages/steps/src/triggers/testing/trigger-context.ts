// What a polling trigger sees, without an engine: it remembers from look to look what a look says is to be kept.
import { createHash } from 'node:crypto';
import type { PollingTrigger, TriggerContext, TriggerItem, TriggerLook } from '@tidewheel/kit/define-trigger';
import type { OpenConnection } from '@tidewheel/kit/step-context';
import type { z } from 'zod';
import { connectors } from '../../index.ts';

export class TriggerBed<C extends z.ZodType> {
  readonly kept = new Map<string, Uint8Array>();
  memory: Record<string, unknown> | null = null;
  readonly #items = new Map<string, TriggerItem>();
  readonly #trigger: PollingTrigger<C>;
  readonly #config: z.output<C>;
  readonly #connection: Omit<OpenConnection, 'slug'>;

  constructor(trigger: PollingTrigger<C>, given: { config: z.input<C>; connection: Omit<OpenConnection, 'slug'> }) {
    this.#trigger = trigger;
    this.#config = trigger.config.parse(given.config);
    this.#connection = given.connection;
  }

  /** Looks and keeps what it says, unless it dies before. */
  async look({ dies = false, signal }: { dies?: boolean; signal?: AbortSignal } = {}): Promise<TriggerLook> {
    const look = await this.#trigger.look(this.#config, this.#context(signal));
    if (dies) return look;
    if (look.memory) this.memory = structuredClone(look.memory);
    for (const item of look.items ?? []) this.#items.set(item.key, item);
    for (const key of look.gone ?? []) this.#items.delete(key);
    return look;
  }

  test() {
    return this.#trigger.test(this.#config, this.#context());
  }

  #context(signal = new AbortController().signal): TriggerContext {
    const connectorOf = ({ type }: OpenConnection) => connectors.find((one) => one.type === type)!;
    const reachOf = ({ slug, secret, ...opened }: OpenConnection & { type: string }) => {
      const config = connectorOf({ slug, secret, ...opened }).config.parse(opened.config) as Record<string, unknown>;
      return { workspaceId: 'test', slug, config, secret, signal };
    };
    return {
      workspaceId: 'test',
      now: new Date(),
      signal,
      memory: this.memory,
      isTest: false,
      items: async (keys) => new Map([...this.#items].filter(([key]) => keys === undefined || keys.includes(key))),
      connection: async (slug) => ({ slug, ...this.#connection }),
      files: (opened) => connectorOf(opened).files!(reachOf(opened)),
      withDatabase: (opened, work) => connectorOf(opened).withDatabase!(reachOf(opened), work),
      keep: async ({ name, mediaType }, content) => {
        const sha256 = createHash('sha256').update(content).digest('hex');
        this.kept.set(sha256, content);
        return { kind: 'file', name, mediaType, sha256, md5: '', size: content.byteLength };
      },
    };
  }
}
