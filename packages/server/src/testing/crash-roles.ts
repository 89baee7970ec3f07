// The processes of a campaign: three workers with several tags, an API and a scheduler, each started again when it was killed.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiAnswer, type ApiRequest, type RoleOrder, startRole } from './crash-process.ts';
import type { EngineSite } from './engine-site.ts';
import type { Cut } from './reference/slots.ts';

export type Place = 'first' | 'second' | 'third' | 'api' | 'scheduler';

const orders: Record<Place, Pick<RoleOrder, 'role' | 'tags'>> = {
  first: { role: 'worker', tags: ['default'] },
  second: { role: 'worker', tags: ['default', 'blue'] },
  third: { role: 'worker', tags: ['blue', 'default'] },
  api: { role: 'api', tags: [] },
  scheduler: { role: 'scheduler', tags: [] },
};
export const workers = ['first', 'second', 'third'] as const;

export class CrashRoles {
  readonly #site: EngineSite;
  readonly #receiverUrl: string;
  readonly #alive = new Map<Place, Promise<ChildProcess>>();
  readonly #all = new Set<ChildProcess>();
  readonly #zombies: Promise<void>[] = [];
  /** Whom it stopped or killed, and when. */
  readonly cuts: Cut[] = [];
  #asked = 0;
  #closed = false;

  constructor({ site, receiverUrl }: { site: EngineSite; receiverUrl: string }) {
    this.#site = site;
    this.#receiverUrl = receiverUrl;
  }

  async startAll(): Promise<void> {
    await Promise.all(Object.keys(orders).map((place) => this.#start(place as Place, 0)));
  }

  /** Kills what is there, and starts it anew at once. */
  async kill(place: Place, { shiftMs = 0 } = {}): Promise<void> {
    this.#end(await this.#alive.get(place), 'SIGKILL');
    await this.#start(place, shiftMs);
  }

  /** Stopped for longer than its leases last while another one takes its place, then woken: it must find itself declared dead and drop what it holds. */
  async stop(place: Place): Promise<void> {
    const child = await this.#alive.get(place);
    this.#end(child, 'SIGSTOP');
    this.#zombies.push(this.#wake(child));
    await this.#start(place, 0);
  }

  async #wake(child: ChildProcess | undefined): Promise<void> {
    await sleep(7_500);
    child?.kill('SIGCONT');
    await sleep(3_000);
    this.#end(child, 'SIGKILL');
  }

  #end(child: ChildProcess | undefined, signal: 'SIGKILL' | 'SIGSTOP'): void {
    if (child?.pid !== undefined) this.cuts.push({ pid: child.pid, at: performance.timeOrigin + performance.now() });
    child?.kill(signal);
  }

  async zombiesGone(): Promise<void> {
    await Promise.all(this.#zombies);
  }

  /** Asks the API, and not again: null when nobody answered. */
  async askOnce(request: Omit<ApiRequest, 'id' | 'workspaceId'>): Promise<ApiAnswer | null> {
    const api = await this.#alive.get('api');
    return api ? this.#askOnce(api, { ...request, id: ++this.#asked, workspaceId: this.#site.actor.workspaceId as string }) : null;
  }

  /** Asks the API until it answers: whoever was killed meanwhile may have done it. @throws Error when it only gave errors for a minute */
  async ask(request: Omit<ApiRequest, 'id' | 'workspaceId'>): Promise<ApiAnswer> {
    const workspaceId = this.#site.actor.workspaceId as string;
    let last: ApiAnswer | null = null;
    for (const began = performance.now(); performance.now() - began < 60_000 && !this.#closed; await sleep(100)) {
      const api = await this.#alive.get('api');
      last = (api && (await this.#askOnce(api, { ...request, id: ++this.#asked, workspaceId }))) ?? last;
      if (last && !isPassing(last)) return last;
    }
    throw new Error(`the API did not do ${JSON.stringify(request)}: ${last?.error?.code} ${last?.error?.message}`);
  }

  #askOnce(api: ChildProcess, request: ApiRequest): Promise<ApiAnswer | null> {
    return new Promise((resolve) => {
      const end = (answer: ApiAnswer | null) => {
        api.off('message', hear).off('exit', gone);
        clearTimeout(timer);
        resolve(answer);
      };
      const hear = (message: unknown) => (message as ApiAnswer).id === request.id && end(message as ApiAnswer);
      const gone = () => end(null);
      api.setMaxListeners(0);
      const timer = setTimeout(gone, 20_000);
      api.on('message', hear).once('exit', gone);
      if (api.connected) api.send(request, (error) => error && gone());
      else gone();
    });
  }

  #start(place: Place, shiftMs: number): Promise<ChildProcess> {
    const { ownerUrl, masterKey } = this.#site.address;
    const order = { ...orders[place], ownerUrl, masterKey: masterKey.toString('base64'), objectFolder: this.#site.objectFolder, concurrency: 30 };
    const started = this.#untilStarted({ ...order, receiverUrl: this.#receiverUrl, shiftMs });
    this.#alive.set(place, started);
    return started;
  }

  /** While the database is down nothing starts. */
  async #untilStarted(order: RoleOrder): Promise<ChildProcess> {
    for (let tries = 0; ; tries++) {
      try {
        const child = await startRole(order);
        this.#all.add(child);
        return child;
      } catch (error) {
        if (this.#closed || tries > 20) throw error;
        await sleep(300);
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#alive.values());
    for (const child of this.#all) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
}

/** The database was away: whoever asks over HTTP asks again. The rest is an answer. */
function isPassing({ error }: ApiAnswer): boolean {
  return error !== undefined && !['run.ended', 'run.overlap', 'run.cancelling', 'run.not_paused', 'run.going', 'rerun.nothing_failed'].includes(error.code);
}
