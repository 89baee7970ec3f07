// Rebuilds the server's error from its answer, so that callers see the same classes on both sides.
import { type AppError, type ErrorDetails, errorFromStatus, Unreachable } from '@tidewheel/contract/errors';
import type { Fault, Problem } from '@tidewheel/contract/problem';

/** The faults that came with an error, if any. */
export function faultsOf(error: AppError): Fault[] {
  const faults = error.details?.faults;
  return Array.isArray(faults) ? (faults as Fault[]) : [];
}
/** The id to quote when asking for help. */
export function requestIdOf(error: AppError): string | undefined {
  const id = error.details?.requestId;
  return typeof id === 'string' ? id : undefined;
}

export async function errorFromResponse(response: Response): Promise<AppError> {
  const text = await response.text().catch(() => '');
  const problem = parseProblem(text);
  if (problem) return errorFromProblem(problem, response);
  const requestId = response.headers.get('x-request-id') ?? undefined;
  const details: ErrorDetails = { httpStatus: response.status, requestId, answer: text.slice(0, 2_000) };
  if (response.status >= 500) {
    return new Unreachable('server.failed', `The server answered ${response.status} ${response.statusText}`.trim(), {
      hint: 'It may be starting or stopping; try again in a moment.',
      details,
    });
  }
  return errorFromStatus(response.status, 'server.refused', `${response.url} answered ${response.status} ${response.statusText}`.trim(), {
    hint: 'Check that the address is that of a Tidewheel server.',
    details,
  });
}

function errorFromProblem(problem: Problem, response: Response): AppError {
  const details: ErrorDetails = { ...problem.details };
  if (problem.faults) details.faults = problem.faults;
  const requestId = problem.instance ?? response.headers.get('x-request-id');
  if (requestId) details.requestId = requestId;
  details.httpStatus = response.status;
  return errorFromStatus(response.status, problem.code, problem.detail, { details, ...(problem.hint === undefined ? {} : { hint: problem.hint }) });
}

function parseProblem(text: string): Problem | null {
  try {
    const value: unknown = JSON.parse(text);
    const isProblem =
      typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string' && 'detail' in value && typeof value.detail === 'string';
    return isProblem ? (value as unknown as Problem) : null;
  } catch {
    return null;
  }
}

/** A failed fetch: nobody answered, or the answer broke off. An abort by the caller is passed on as it is. */
export function errorFromFailure(thrown: unknown, origin: string): unknown {
  if (thrown instanceof Error && (thrown.name === 'AbortError' || thrown.name === 'TimeoutError')) return thrown;
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
  const reason = cause instanceof Error ? cause.message || ('code' in cause ? String(cause.code) : cause.name) : String(cause);
  return new Unreachable('server.unreachable', `Cannot reach the Tidewheel server at ${origin}: ${reason}`, {
    hint: 'Check that the server runs and that the address is right.',
    details: { origin },
    cause: thrown,
  });
}
