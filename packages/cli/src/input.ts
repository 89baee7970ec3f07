// What people hand to a command beside its arguments: files, stdin, answers at a prompt.
import { openAsBlob } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { InvalidInput } from '@tidewheel/contract/errors';
import { CommandFailed } from './command-failed.ts';
import { exitCodes } from './exit-codes.ts';
import { hasCode } from './file-error.ts';

/** The text of a file, or of stdin for `-`. @throws InvalidInput */
export async function readText(fileName: string): Promise<string> {
  if (fileName === '-') return text(process.stdin);
  return readFile(fileName, 'utf8').catch((cause: unknown) => {
    throw unreadable(fileName, cause);
  });
}

/** A file that is sent as it is, read while it is sent. @throws InvalidInput */
export async function readBlob(fileName: string): Promise<Blob> {
  try {
    await tryToRead(fileName);
    return await openAsBlob(fileName);
  } catch (cause) {
    throw unreadable(fileName, cause, 'Check the path.');
  }
}

/** What `openAsBlob` says names neither the file nor what is wrong with it, of a folder not before it is sent. */
async function tryToRead(fileName: string): Promise<void> {
  const file = await open(fileName);
  try {
    await file.read(Buffer.alloc(1));
  } finally {
    await file.close();
  }
}

export function unreadable(fileName: string, cause: unknown, hint = 'Check the path, or use - to read from stdin.'): InvalidInput {
  const reason = hasCode(cause, 'ENOENT')
    ? 'there is no such file'
    : hasCode(cause, 'EISDIR')
      ? 'it is a folder'
      : cause instanceof Error
        ? cause.message
        : String(cause);
  return new InvalidInput('input.file', `Cannot read ${fileName}: ${reason}`, { hint, cause });
}

/** A secret from stdin (`-`) or from a file (`@path`), never from the arguments, which every user of the machine can see. One line end is dropped. */
export async function readSecret(source: string, what: string): Promise<string> {
  if (source !== '-' && !source.startsWith('@')) {
    throw new InvalidInput('input.secret', `${what} must not stand in the command line, where others can read it`, {
      hint: 'Use - to read it from stdin, or @path to read it from a file.',
    });
  }
  return (await readText(source === '-' ? '-' : source.slice(1))).replace(/\r?\n$/, '');
}

/** Asks on the terminal. @throws InvalidInput without one */
export async function ask(prompt: string, options: { hidden?: boolean } = {}): Promise<string> {
  if (!process.stdin.isTTY)
    throw new InvalidInput('input.no_terminal', `There is no terminal to ask for: ${prompt.replace(/:?\s*$/, '')}`, {
      hint: 'Give it by an option; see --help.',
    });
  const { read } = await import('read');
  return read<string>({ prompt, output: process.stderr, ...(options.hidden ? { silent: true, replace: '*' } : {}) }).catch(() => {
    throw new CommandFailed(exitCodes.interrupted);
  });
}
