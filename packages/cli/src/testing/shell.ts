// Runs the real command line as its own process, with its own home, as a person or a script would.
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const entry = fileURLToPath(new URL('../../tidewheel.mjs', import.meta.url));

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
  /** stdout as JSON. */
  json<T = never>(): T;
  /** Each line of stdout as JSON. */
  jsonLines<T = never>(): T[];
}
export interface RunOptions {
  env?: Record<string, string>;
  stdin?: string;
  /** For answers that `onOutput` gives. */
  keepStdinOpen?: boolean;
  cwd?: string;
  /** Called with all output so far and the process, for what happens meanwhile (Ctrl+C). */
  onOutput?: (output: string, child: ChildProcess) => void;
}

export interface Shell {
  /** Home and working folder of this person. */
  folder: string;
  env: Record<string, string>;
  tidewheel(args: string[], options?: RunOptions): Promise<Outcome>;
  /** The same on a terminal of 100 columns, by util-linux' script. stdout and stderr are one there. */
  onTerminal(args: string[], options?: RunOptions): Promise<Outcome>;
}

export async function openShell(env: Record<string, string> = {}): Promise<Shell> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tidewheel-shell-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const cache: Record<string, string> = process.env.NODE_COMPILE_CACHE ? { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE } : {};
  const own = { PATH: process.env.PATH ?? '', HOME: folder, LANG: 'C.UTF-8', TERM: 'xterm-256color', TZ: 'UTC', ...cache, ...env };
  const run = (command: string, args: string[], options: RunOptions = {}) =>
    execute({ command, args, options: { cwd: folder, ...options, env: { ...own, ...options.env } } });
  return {
    folder,
    env: own,
    tidewheel: (args, options) => run(process.execPath, [entry, ...args], options),
    onTerminal: (args, options) =>
      run('script', ['-qefc', ['stty cols 100 rows 40;', ...[process.execPath, entry, ...args].map(quoted)].join(' '), '/dev/null'], options),
  };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function execute({ command, args, options }: { command: string; args: string[]; options: RunOptions }): Promise<Outcome> {
  const child = spawn(command, args, { cwd: options.cwd, env: options.env, stdio: ['pipe', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      options.onOutput?.(output.stdout + output.stderr, child);
    });
  }
  // A command that never reads it may have ended already.
  child.stdin.on('error', () => undefined);
  if (!options.keepStdinOpen) child.stdin.end(options.stdin ?? '');
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(outcome(code, output)));
  });
}

function outcome(code: number | null, { stdout, stderr }: { stdout: string; stderr: string }): Outcome {
  return {
    code,
    stdout,
    stderr,
    json: <T>() => JSON.parse(stdout) as T,
    jsonLines: <T>() =>
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as T),
  };
}
