import { pino } from 'pino';
import { redactor } from './redactor.ts';

export type Logger = pino.Logger;

/** JSON lines on standard error (standard output belongs to commands), secrets redacted whatever the caller passes. */
export function createLogger({ role, level }: { role: string; level: string }): Logger {
  const out = { write: (line: string) => void process.stderr.write(redactor.text(line)) };
  return pino({ level, base: { role, pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, out);
}
