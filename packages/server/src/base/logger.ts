import { createWriteStream } from 'node:fs';
import { pino } from 'pino';
import { redactor } from './redactor.ts';

export type Logger = pino.Logger;

/**
 * JSON lines on standard error (standard output belongs to commands), secrets redacted whatever the caller passes.
 * `file` gets the same lines, 0600; a disk that refuses them is no reason to end.
 */
export function createLogger({ role, level, file }: { role: string; level: string; file?: string | undefined }): Logger {
  const kept = file === undefined ? null : createWriteStream(file, { flags: 'a', mode: 0o600 }).on('error', () => {});
  const write = (line: string): void => {
    const safe = redactor.text(line);
    process.stderr.write(safe);
    kept?.write(safe);
  };
  return pino({ level, base: { role, pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, { write });
}
