// What a host refuses or cannot do, as errors a person can act on. Only what can pass by itself is retryable: a wrong password tried again locks accounts.
import { type AppError, Conflict, InvalidInput, NotAllowed, TooLarge, Unreachable } from '@tidewheel/contract/errors';
import type { Fault } from './wsman-replies.ts';

/** "Nothing came in the time of one request": the way a host says that it should be asked again (MS-WSMV 3.1.4.14). */
const operationTimedOut = 2_150_858_793;

export function isAskAgain({ code, subcode }: Fault): boolean {
  return code === operationTimedOut || (code === undefined && subcode === 'TimedOut');
}

type Maker = (facts: { said: string; place: string; details: Record<string, unknown> }) => AppError;

const denied: Maker = ({ said, place, details }) =>
  new NotAllowed('winrm.denied', `${place} let the user in and does not allow this: ${said}`, {
    hint: 'The user has to be in Administrators or Remote Management Users there. For a local administrator other than Administrator set LocalAccountTokenFilterPolicy to 1.',
    details,
  });
const quota: Maker = ({ said, place, details }) =>
  new Unreachable('winrm.quota', `${place} has as much to do for WinRM as it allows: ${said}`, {
    hint: 'Lower "Shells at a time" of the target, or raise MaxShellsPerUser, MaxConcurrentUsers or MaxProcessesPerShell there (winrm/config/winrs).',
    details,
  });
const shellGone: Maker = ({ said, place, details }) =>
  new Unreachable('winrm.shell_gone', `${place} no longer has the shell: ${said}`, {
    hint: 'The host was started anew, its WinRM service was, or somebody ended the shell. What ran in it may have ended in the middle.',
    details,
  });
const envelopeTooLarge: Maker = ({ said, place, details }) =>
  new TooLarge('winrm.envelope', `${place} takes no message as large as that: ${said}`, {
    hint: 'Lower "Largest message" of the target, or raise MaxEnvelopeSizekb there (winrm/config).',
    details,
  });
const aborted: Maker = ({ said, place, details }) =>
  new Unreachable('winrm.aborted', `${place} ended the command before its time: ${said}`, {
    hint: 'Somebody ended it there, the host was shut down, or a quota of memory ended it (MaxMemoryPerShellMB).',
    details,
  });

const byCode: ReadonlyMap<number, Maker> = new Map([
  [5, denied],
  [995, aborted],
  // ERROR_WSMAN_UNEXPECTED_SELECTORS and ERROR_WINRS_SHELL_... : "the shell was not found on the server".
  [2_150_858_843, shellGone],
  [2_150_858_998, shellGone],
]);
const bySubcode: Readonly<Record<string, Maker>> = {
  AccessDenied: denied,
  QuotaLimit: quota,
  InvalidSelectors: shellGone,
  EncodingLimit: envelopeTooLarge,
};

/** ERROR_WSMAN_QUOTA_*: 0x803381A5 and those after it. */
function isQuota(code: number | undefined): boolean {
  return code !== undefined && code >= 0x8033_81a5 && code <= 0x8033_81b0;
}

export function faultError(fault: Fault, place: string): AppError {
  const said = fault.message || fault.subcode || 'it gives no reason';
  const details = { code: fault.code, subcode: fault.subcode };
  const make = isQuota(fault.code) ? quota : ((fault.code === undefined ? undefined : byCode.get(fault.code)) ?? bySubcode[fault.subcode]);
  if (make) return make({ said, place, details });
  return new Conflict('winrm.fault', `${place} refused: ${said}${fault.code === undefined ? '' : ` (${fault.code})`}`, { details });
}

export interface RefusedHttp {
  status: number;
  /** The schemes of WWW-Authenticate. */
  offered: string[];
  location: string | undefined;
  place: string;
}

/** What an HTTP status without a message of WinRM means, after the sign-in or without one; undefined for 401, which needs to know how it was signed in. */
export function statusError({ status, location, place }: RefusedHttp): AppError {
  if (status >= 300 && status < 400)
    return new NotAllowed('winrm.redirect', `${place} sends on to ${location?.slice(0, 200) ?? 'another place'}; a sign-in is not taken there.`, {
      hint: 'Enter the address and the path that WinRM really has.',
    });
  if (status === 404)
    return new InvalidInput('winrm.path', `${place} has a web server, but no WinRM at this path.`, {
      hint: 'The path is /wsman unless it was changed (winrm enumerate winrm/config/listener).',
    });
  if (status === 403)
    return new NotAllowed('winrm.forbidden', `${place} refused the request.`, {
      hint: 'A certificate may be needed to sign in, or a filter of addresses (IPv4Filter) leaves this machine out.',
    });
  if (status === 413) return envelopeTooLarge({ said: 'HTTP 413', place, details: { status } });
  if (status === 503)
    return new Unreachable('winrm.no_listener', `${place} has a web server, but WinRM is not running behind it.`, {
      hint: 'On the host, run winrm quickconfig, or start the service WinRM.',
    });
  return new Unreachable('winrm.http', `${place} answered with HTTP ${status} and no message of WinRM.`, {
    hint: 'Check that WinRM listens at this port, and not another program.',
    details: { status },
  });
}
