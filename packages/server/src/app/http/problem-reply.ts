// Every error that leaves by HTTP is a problem (RFC 9457); what a stranger may not know stays in the log.
import { AppError, Bug, InvalidInput, NotFound, toAppError, Unreachable } from '@tidewheel/contract/errors';
import type { Fault, Problem } from '@tidewheel/contract/problem';
import { redactor } from '../../base/redactor.ts';

export const problemType = 'application/problem+json; charset=utf-8';

/** What Fastify itself refuses, in our words. */
const frameworkErrors: Record<string, () => AppError> = {
  FST_ERR_BAD_URL: () => new InvalidInput('request.address', 'The address holds a % that starts no valid escape.', { hint: 'Write a literal % as %25.' }),
  FST_ERR_MAX_PARAM_LENGTH: () => new InvalidInput('request.address', 'A part of the address is too long.'),
};

/** An error of ours, of Fastify or of anything else, as one of ours. */
export function asAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const { code, expose, message, statusCode } = (thrown ?? {}) as { code?: unknown; expose?: unknown; message?: string; statusCode?: number };
  const known = typeof code === 'string' ? frameworkErrors[code] : undefined;
  if (known) return known();
  if (typeof code === 'string' && code.startsWith('FST_') && statusCode !== undefined && statusCode < 500) {
    return new InvalidInput('request.refused', 'This request is not one that the server takes.', { cause: thrown });
  }
  if (code === 'ECONNRESET' && message === 'aborted')
    return new InvalidInput('request.aborted', 'The client broke off before all of its request had come.', { cause: thrown });
  if (code === '53100') {
    return new Unreachable('database.disk_full', 'The disk of the database is full: nothing was saved.', {
      hint: 'Make room on it, then try again; nothing saved before is lost.',
      cause: thrown,
    });
  }
  if (isDatabaseAway(thrown)) {
    return new Unreachable('database.unreachable', 'The database does not answer at the moment.', {
      hint: 'Try again in a moment; nothing that was saved is lost.',
      cause: thrown,
    });
  }
  // What the file server refuses (a folder, a hidden file) does not exist for those outside.
  if (expose === true) return new NotFound('request.unknown_address', 'There is nothing at this address.');
  return toAppError(thrown);
}

/** Postgres shuts down, starts up, refuses or breaks the connection: PostgreSQL appendix A classes 08 and 57P, and the socket's own errors. */
function isDatabaseAway(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const { code, syscall } = thrown as NodeJS.ErrnoException;
  if (code !== undefined && /^(08\w{3}|57P0[123]|53300|EPIPE|ECONNRESET)$/.test(code)) return true;
  return syscall === 'connect' || /^Connection terminated|timeout exceeded when trying to connect/.test(thrown.message);
}

export function unknownAddress(path: string): NotFound {
  return new NotFound('request.unknown_address', `There is nothing at ${path}.`, { hint: 'GET /api/openapi.json lists every operation.' });
}

/** A Bug tells its reference only; every other message was written for the reader. */
export function problemOf(error: AppError, requestId: string): Problem {
  const hidden = error instanceof Bug;
  const { faults, ...details } = error.details ?? {};
  const problem: Problem = {
    type: `urn:tidewheel:error:${hidden ? 'bug' : error.code}`,
    title: titles[error.status] ?? 'Error',
    status: error.status,
    detail: hidden ? 'Something went wrong on our side. Nothing you sent is at fault.' : error.message,
    code: hidden ? 'bug' : error.code,
    hint: hidden ? `Try again; when it stays, tell your administrator the reference ${requestId}.` : error.hint,
    instance: requestId,
  };
  if (!hidden && Array.isArray(faults)) problem.faults = faults as Fault[];
  if (!hidden && Object.keys(details).length > 0) problem.details = details;
  return redactor.deep(problem);
}

/** Seconds a caller should wait, where the error knows. */
export function retryAfter(error: AppError): string | undefined {
  const seconds = error.details?.['retryAfterSeconds'];
  return typeof seconds === 'number' ? String(Math.max(1, Math.ceil(seconds))) : undefined;
}

const titles: Record<number, string> = {
  400: 'Invalid input',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Conflict',
  413: 'Too large',
  429: 'Too many',
  500: 'Internal error',
  502: 'Unreachable',
  504: 'Timed out',
};
