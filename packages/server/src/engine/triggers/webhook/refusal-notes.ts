// Refused calls in the history of their trigger: counted by reason and minute, so that whoever floods it fills no table.
import { newId } from '../../../base/ids.ts';
import type { Logger } from '../../../base/logger.ts';
import type { Runner } from '../../worker/job-queue.ts';
import { insertEvents, type NewTriggerEvent } from '../trigger-events.store.ts';

const everyMs = 1_000;
/** Of one second; what exceeds them is not noted. */
const mostKinds = 1_000;

export class RefusalNotes {
  readonly #runner: Runner;
  readonly #log: Logger;
  readonly #noted = new Map<string, NewTriggerEvent>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor({ runner, log }: { runner: Runner; log: Logger }) {
    this.#runner = runner;
    this.#log = log;
  }

  note({ workspaceId, trigger, code, reason }: { workspaceId: string; trigger: string; code: string; reason: string }): void {
    const key = `refused ${code} ${new Date().toISOString().slice(0, 16)}`;
    const place = `${trigger} ${key}`;
    const known = this.#noted.get(place);
    if (known) {
      known.times = (known.times ?? 1) + 1;
      return;
    }
    if (this.#noted.size >= mostKinds) return;
    this.#noted.set(place, {
      workspaceId,
      id: newId(),
      trigger,
      key,
      state: 'refused',
      title: 'A call was refused',
      reason,
      event: null,
      files: [],
      run: null,
      depth: 0,
      times: 1,
    });
    this.#timer ??= setTimeout(() => this.#write(), everyMs).unref();
  }

  #write(): void {
    this.#timer = undefined;
    const events = [...this.#noted.values()];
    this.#noted.clear();
    this.#writing = this.#writing
      .then(() => insertEvents(this.#runner, events))
      .catch((error: unknown) => this.#log.warn({ err: error }, 'refused calls of webhooks could not be noted'));
  }

  /** Writes what is noted. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#write();
    await this.#writing;
  }
}
