// An error as the person at the terminal reads it, and as scripts do.

import { faultsOf, requestIdOf } from '@tidewheel/client/problem-error';
import type { AppError } from '@tidewheel/contract/errors';
import type { Fault } from '@tidewheel/contract/problem';
import { paint } from './terminal.ts';
import { plain } from './text.ts';

/** `flow.yaml:12 steps.clean.use: unknown step type …`, which editors and people can both follow. */
export function faultLine(fault: Fault, fileName?: string): string {
  const place = [fileName ? `${fileName}${fault.line ? `:${fault.line}` : ''}` : fault.line ? `line ${fault.line}` : '', fault.path].filter(Boolean).join(' ');
  const word = fault.severity === 'warning' ? 'warning: ' : '';
  const text = plain(`${word}${fault.message}${fault.hint ? ` (${fault.hint})` : ''}`);
  return place ? `${plain(place)}: ${text}` : text;
}

export function failureLines(error: AppError, fileName?: string): string[] {
  const requestId = requestIdOf(error);
  const faults = faultsOf(error).map((fault) => faultLine(fault, fileName));
  return [
    `${paint('red', 'Error:', process.stderr)} ${plain(error.message)}`,
    // One fault alone is the message already.
    ...faults.filter((line) => line !== plain(error.message)).map((line) => `  ${line}`),
    ...(error.hint ? [`${paint('cyan', 'Hint:', process.stderr)} ${plain(error.hint)}`] : []),
    ...whyLine(error),
    ...(requestId && error.status >= 500 ? [paint('dim', `Request ${requestId}: quote it when you ask for help.`, process.stderr)] : []),
  ];
}

/** The command that says why a permission is missing. */
function whyLine({ code, details }: AppError): string[] {
  const permission = details?.['permission'];
  if (code !== 'permission.missing' || typeof permission !== 'string') return [];
  const object = (details?.['object'] ?? {}) as Record<string, string | null>;
  const noun = object[permission.split('.')[0] ?? ''] ? (permission.split('.')[0] ?? '') : 'flow';
  const on = object[noun] ? ` --on ${noun}:${object[noun]}` : '';
  return [`${paint('cyan', 'Why:', process.stderr)} tidewheel access why ${permission}${plain(on)}`];
}

/** What --json prints on stderr for a failed command. */
export function failureJson(error: AppError, exitCode: number): string {
  const { faults, ...details } = error.details ?? {};
  return JSON.stringify({ error: { code: error.code, message: error.message, hint: error.hint, status: error.status, faults, details, exitCode } });
}
