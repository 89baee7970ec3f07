// The exit codes, documented in docs/cli.md and in `tidewheel --help`.
import { type AppError, Bug } from '@tidewheel/contract/errors';

export const exitCodes = {
  ok: 0,
  /** A run, a check, a connection test or a checksum failed. */
  failed: 1,
  /** Wrong usage, or input that the server refused. */
  invalid: 2,
  notSignedIn: 3,
  notAllowed: 4,
  notFound: 5,
  conflict: 6,
  unreachable: 7,
  tooMany: 8,
  /** A defect in Tidewheel (EX_SOFTWARE of sysexits.h). */
  bug: 70,
  interrupted: 130,
} as const;

const byStatus = new Map<number, number>([
  [400, exitCodes.invalid],
  [401, exitCodes.notSignedIn],
  [403, exitCodes.notAllowed],
  [404, exitCodes.notFound],
  [409, exitCodes.conflict],
  [413, exitCodes.invalid],
  [429, exitCodes.tooMany],
  [502, exitCodes.unreachable],
  [504, exitCodes.unreachable],
]);

export function exitCodeOf(error: AppError): number {
  if (error.code === 'download.checksum') return exitCodes.failed;
  // A 5xx that a server or something before it answered says that it is not well, not that we are.
  if (error instanceof Bug && error.details?.httpStatus === 503) return exitCodes.unreachable;
  return byStatus.get(error.status) ?? exitCodes.bug;
}
