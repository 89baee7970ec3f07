// A sign-in through a provider that came to nothing, as an error.
import { type AppError, NotAllowed, NotFound, Unreachable } from '@tidewheel/contract/errors';
import { type SsoFailure, ssoFailures } from '@tidewheel/contract/sso-failures';

/** `reason`: for administrators, in the audit trail and the log; never a secret. */
export function failure(code: SsoFailure, { reason, cause }: { reason?: string | undefined; cause?: unknown } = {}): AppError {
  const [message, hint] = ssoFailures[code];
  const Class = code === 'sso.unreachable' ? Unreachable : code === 'sso.unknown_provider' ? NotFound : NotAllowed;
  return new Class(code, message, { hint, cause, ...(reason === undefined ? {} : { details: { reason: reason.slice(0, 500) } }) });
}
