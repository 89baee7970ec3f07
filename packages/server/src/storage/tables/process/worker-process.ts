// One child process seen from the parent: requests go in, answers come back, and its end fails what was under way.
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { type AppError, errorFromStatus, Unreachable } from '@tidewheel/contract/errors';
import type { StepPercent } from '../table-engine.ts';
import type { ProcessSettings, Reply, Request, SentError, Work } from './protocol.ts';

interface Pending extends Listener {
  resolve(value: unknown): void;
  reject(error: AppError): void;
}

export interface Listener {
  log?: ((text: string) => void) | undefined;
  /** The step that is being worked on. */
  at?: ((step: string) => void) | undefined;
  progress?: ((done: StepPercent) => void) | undefined;
}

const entry = path.join(import.meta.dirname, 'table-process.ts');

export class WorkerProcess {
  readonly ready: Promise<void>;
  /** Set once the process is of no use any more. */
  ended = false;
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;
  #stderr = '';

  constructor(settings: ProcessSettings, onEnd: () => void) {
    // An environment of its own: nothing of the server's settings or keys reaches the process.
    this.#child = fork(entry, [JSON.stringify(settings)], {
      cwd: settings.folder,
      env: { TZ: 'UTC', PATH: process.env.PATH, NODE_NO_WARNINGS: '1', MALLOC_ARENA_MAX: '4' },
      execArgv: ['--max-old-space-size=512'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: 'json',
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-4_000);
    });
    this.ready = new Promise((resolve, reject) => {
      this.#child.on('message', (reply: Reply) => ('ready' in reply ? resolve() : this.#receive(reply)));
      this.#child.once('error', (error) => this.#end(error, reject, onEnd));
      this.#child.once('exit', () => this.#end(undefined, reject, onEnd));
    });
    this.ready.catch(() => {});
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** @throws the process's AppError, or Unreachable when it ends first */
  request(work: Work, listener: Listener = {}): { id: number; answer: Promise<unknown> } {
    const id = ++this.#lastId;
    return { id, answer: this.#ask({ id, work }, listener) };
  }

  next(id: number): Promise<unknown> {
    return this.#ask({ id, next: true });
  }

  stop(id: number): void {
    if (!this.ended && this.#child.connected) this.#child.send({ id, stop: true } satisfies Request, () => {});
  }

  kill(): void {
    this.ended = true;
    this.#child.kill('SIGKILL');
  }

  #ask(request: Request, listener: Listener = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.ended || !this.#child.connected) return reject(this.#gone());
      this.#pending.set(request.id, { resolve, reject, ...listener });
      this.#child.send(request, (error) => {
        if (error) reject(this.#gone(error));
      });
      return undefined;
    });
  }

  #receive(reply: Exclude<Reply, { ready: true }>): void {
    const pending = this.#pending.get(reply.id);
    if (!pending) return;
    if ('ok' in reply || 'error' in reply) {
      this.#pending.delete(reply.id);
      if ('ok' in reply) pending.resolve(reply.ok);
      else pending.reject(rebuilt(reply.error));
      return;
    }
    if ('log' in reply) pending.log?.(reply.log);
    else if ('at' in reply) pending.at?.(reply.at);
    else pending.progress?.(reply.progress);
  }

  #end(cause: unknown, reject: (error: unknown) => void, onEnd: () => void): void {
    const first = !this.ended || this.#pending.size > 0;
    this.ended = true;
    const error = this.#gone(cause);
    reject(error);
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
    if (first || cause === undefined) onEnd();
  }

  #gone(cause?: unknown): AppError {
    return new Unreachable('table.process_died', 'The table process ended before it had answered.', {
      hint: 'It is tried again in a new process. If this repeats, the machine may be short of memory.',
      details: this.#stderr ? { stderr: this.#stderr.slice(-1_000) } : {},
      cause,
    });
  }
}

function rebuilt({ status, code, message, hint, details }: SentError): AppError {
  return errorFromStatus(status, code, message, { ...(hint === undefined ? {} : { hint }), ...(details === undefined ? {} : { details }) });
}
