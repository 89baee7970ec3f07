// Who follows what in this process: one look at the database serves all of them.
import type { RunWithObject } from '../../base/masked-run.ts';
import { Bell } from './bell.ts';
import type { Cursor, RunNews } from './run-events.store.ts';

/** One run that somebody follows. Readers at the same place share one read. */
export class FollowedRun {
  readonly bell = new Bell();
  followers = 0;
  readonly #reads = new Map<string, Promise<RunNews | undefined>>();

  ring(): void {
    this.#reads.clear();
    this.bell.ring();
  }

  read(after: Cursor, look: () => Promise<RunNews | undefined>): Promise<RunNews | undefined> {
    const key = `${after.event}.${after.log}`;
    const known = this.#reads.get(key);
    if (known !== undefined) return known;
    const read = look();
    this.#reads.set(key, read);
    const forget = () => {
      if (this.#reads.get(key) === read) this.#reads.delete(key);
    };
    // A full page belongs to somebody catching up: kept, a long history would stay in memory.
    read.then((news) => (news === undefined || news.more ? forget() : undefined), forget);
    return read;
  }
}

/** More changed runs than this between two looks: the newest are shown. */
export const listLimit = 200;

/** The list of runs of a workspace that somebody follows. */
export class FollowedList {
  readonly bell = new Bell();
  /** What each follower has not pulled yet: bounded, and of each run only its newest state. */
  readonly followers = new Set<Map<string, RunWithObject>>();
  readonly #changed = new Set<string>();

  note(runId: string): void {
    this.#changed.delete(runId);
    this.#changed.add(runId);
  }

  takeChanged(): string[] {
    const ids = [...this.#changed].slice(-listLimit);
    this.#changed.clear();
    return ids;
  }

  share(runs: RunWithObject[]): void {
    for (const pending of this.followers) {
      for (const one of runs) {
        pending.delete(one.run.id);
        pending.set(one.run.id, one);
        if (pending.size > listLimit) pending.delete(pending.keys().next().value ?? '');
      }
    }
    this.bell.ring();
  }
}
