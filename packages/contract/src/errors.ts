// The error classes of the whole product: the engine retries by `retryable`, HTTP maps `status`, the client rebuilds them by `code`.

/** A JSON-safe bag of facts about an error (paths, limits, counts). Never secrets. */
export type ErrorDetails = Record<string, unknown>;

export interface AppErrorOptions {
  /** What the reader should do next, as one sentence. */
  hint?: string;
  details?: ErrorDetails;
  cause?: unknown;
}

/** Base of every error we throw. `code` is stable and dotted (`flow.cycle`); `message` says what was wrong and where. */
export abstract class AppError extends Error {
  abstract readonly status: number;
  readonly retryable: boolean = false;
  readonly code: string;
  readonly hint: string | undefined;
  readonly details: ErrorDetails | undefined;

  constructor(code: string, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.hint = options.hint;
    this.details = options.details;
  }
}

export class InvalidInput extends AppError {
  readonly status = 400;
}
export class NotSignedIn extends AppError {
  readonly status = 401;
}
export class NotAllowed extends AppError {
  readonly status = 403;
}
export class NotFound extends AppError {
  readonly status = 404;
}
export class Conflict extends AppError {
  readonly status = 409;
}
export class TooLarge extends AppError {
  readonly status = 413;
}
export class TooMany extends AppError {
  readonly status = 429;
}
/** Our own defect. Its message is for the log; people get a reference to it. */
export class Bug extends AppError {
  readonly status = 500;
}
export class Unreachable extends AppError {
  readonly status = 502;
  override readonly retryable = true;
}
export class TimedOut extends AppError {
  readonly status = 504;
  override readonly retryable = true;
}

type ConcreteError = new (code: string, message: string, options?: AppErrorOptions) => AppError;

const byStatus = new Map<number, ConcreteError>([
  [400, InvalidInput],
  [401, NotSignedIn],
  [403, NotAllowed],
  [404, NotFound],
  [409, Conflict],
  [413, TooLarge],
  [429, TooMany],
  [502, Unreachable],
  [504, TimedOut],
]);

/** Rebuilds the class that a status stands for (the client's half of the error mapping). */
export function errorFromStatus(status: number, code: string, message: string, options: AppErrorOptions = {}): AppError {
  const Class = byStatus.get(status) ?? (status >= 500 ? Bug : InvalidInput);
  return new Class(code, message, options);
}

/** Anything thrown, as an AppError: ours unchanged, everything else a Bug that keeps its cause. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new Bug('bug.unexpected', message, { cause: thrown });
}

/** A stored error, as runs and steps keep it. `stack` is the trace of the original error, secrets redacted. */
export interface StoredError {
  code: string;
  message: string;
  hint?: string | undefined;
  retryable: boolean;
  details?: ErrorDetails | undefined;
  stack?: string | undefined;
}

export function toStoredError(thrown: unknown): StoredError {
  const error = toAppError(thrown);
  const origin = error.cause instanceof Error ? error.cause : error;
  return { code: error.code, message: error.message, hint: error.hint, retryable: error.retryable, details: error.details, stack: origin.stack };
}
