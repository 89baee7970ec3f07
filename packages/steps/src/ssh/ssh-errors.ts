// What ssh2 and a server report, as errors a person can act on. Only what can pass by itself is retryable: a wrong password tried again locks accounts.
import { AppError, Bug, Conflict, InvalidInput, NotAllowed, NotFound, TimedOut, Unreachable } from '@tidewheel/contract/errors';
import { certificateDoubt } from './ssh-certificate.ts';
import type { SshSignIn } from './ssh-target.ts';

/** `host:port`, or `[v6]:port`. */
export function placeOf({ host, port }: { host: string; port: number }): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

interface SshError extends Error {
  level?: string;
  code?: string | number;
  /** RFC 4254, 5.1; ssh2 has it on channels that were not opened. */
  reason?: number | string;
}

/** The server keeps the connection and opens no further channel on it: sshd's MaxSessions. */
export class ChannelRefused extends Unreachable {}

/** An error of opening a channel or of a request on it. `asked`: `run a command`, `start sftp`. */
export function channelFailure(thrown: unknown, { place, asked }: { place: string; asked: string }): AppError {
  if (thrown instanceof AppError) return thrown;
  const error = thrown as SshError;
  if (error.reason !== undefined)
    return new ChannelRefused(
      'ssh.channel_refused',
      `${place} opens no channel to ${asked}: ${error.message.replace(/^\(SSH\) Channel open failure: /, '')}.`,
      {
        hint: 'Look at MaxSessions and the limits of the account on the host.',
        cause: thrown,
      },
    );
  if (/unable to (exec|start subsystem)/i.test(error.message))
    return new NotAllowed('ssh.exec_refused', `${place} refuses to ${asked}.`, {
      hint: 'The account or its key may be restricted on the host (ForceCommand, no shell, no subsystem).',
      cause: thrown,
    });
  return connectFailure(thrown, place);
}

/** What the way out reports without knowing that it is for SSH. */
const sayItAsSsh: Readonly<Record<string, string>> = { 'egress.dns': 'ENOTFOUND', 'egress.timeout': 'ETIMEDOUT' };

/** An error of connecting or of a lost connection. `signIn`: what was tried, to say more of a refusal. */
export function connectFailure(thrown: unknown, place: string, signIn: SshSignIn | null = null): AppError {
  if (thrown instanceof AppError && !(thrown.code in sayItAsSsh)) return thrown;
  const error: SshError = thrown instanceof AppError ? Object.assign(new Error(thrown.message), { code: sayItAsSsh[thrown.code] }) : (thrown as Error);
  if (error.level === 'client-authentication' || error.level === 'agent') return signInFailure({ place, signIn, cause: thrown });
  if (error.level === 'client-timeout' || error.code === 'ETIMEDOUT' || /timed? ?out/i.test(error.message)) {
    return new TimedOut('ssh.timeout', `${place} did not answer in time.`, {
      hint: 'Check that the address is right and that no firewall drops the packets.',
      cause: thrown,
    });
  }
  if (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN')
    return new Unreachable('ssh.dns', `The name of ${place} is not known.`, {
      hint: 'Check the spelling of the host and the DNS of this machine.',
      cause: thrown,
    });
  if (error.code === 'ECONNREFUSED')
    return new Unreachable('ssh.port', `Nothing listens at ${place}.`, { hint: 'Check the port, and that the server runs.', cause: thrown });
  if (/no matching|handshake failed/i.test(error.message))
    return new InvalidInput('ssh.algorithms', `${place} and this client share no algorithm: ${error.message}`, {
      hint: 'The server needs an update; only algorithms that are still safe are offered.',
      cause: thrown,
    });
  return new Unreachable('ssh.lost', `The connection to ${place} broke: ${error.message}`, { hint: 'The step is tried again by itself.', cause: thrown });
}

/** Faults of a server before it has shown its key: nobody was signed in by then. */
const beforeHostKey = ['ssh.no_greeting', 'ssh.turned_away', 'ssh.algorithms'];

/** The part of a test of a server that `error` belongs to. */
export function failedPart({ code }: AppError): 'host key' | 'port' | 'sign-in' {
  if (code.startsWith('ssh.host_key') || beforeHostKey.includes(code)) return 'host key';
  return code === 'ssh.jump' ? 'port' : 'sign-in';
}

function signInFailure({ place, signIn, cause }: { place: string; signIn: SshSignIn | null; cause: unknown }): InvalidInput {
  const doubt = signIn?.certificate === undefined ? undefined : certificateDoubt(signIn.certificate, new Date());
  return new InvalidInput('ssh.sign_in', `${place} refused the sign-in${doubt ? `: ${doubt}` : '.'}`, {
    hint: `${signIn?.certificate === undefined ? 'Check the user and the password or key.' : 'The host trusts the authority by TrustedUserCAKeys, the user must be one of the principals, and its own clock decides.'} It is not tried again by itself: too many wrong attempts lock an account.`,
    cause,
  });
}

/** SFTP status codes (draft-ietf-secsh-filexfer-02, section 7). */
export const sftpStatus = { missing: 2, denied: 3, failure: 4, unsupported: 8 } as const;

export function hasStatus(thrown: unknown, status: keyof typeof sftpStatus): boolean {
  return (thrown as SshError | null)?.code === sftpStatus[status];
}

/** An error of one SFTP request. `doing` reads like `write /in/.report.xml.part`. */
export function requestFailure(thrown: unknown, { place, doing }: { place: string; doing: string }): AppError {
  if (thrown instanceof AppError) return thrown;
  const error = thrown as SshError;
  if (hasStatus(error, 'missing')) return new NotFound('sftp.missing', `${place}: there is nothing at the path to ${doing}.`, { cause: thrown });
  if (hasStatus(error, 'denied'))
    return new NotAllowed('sftp.refused', `${place} does not allow to ${doing}.`, {
      hint: 'Ask its administrator for the right, or use another folder.',
      cause: thrown,
    });
  if (hasStatus(error, 'unsupported')) return new Conflict('sftp.unsupported', `${place} cannot ${doing}.`, { cause: thrown });
  if (typeof error.code === 'number')
    return new Unreachable('sftp.failed', `${place} failed to ${doing}: ${error.message}.`, {
      hint: 'Look at free space, quota and rights there.',
      cause: thrown,
    });
  if (isLocal(error)) return new Bug('sftp.local', `A local file could not be used to ${doing}: ${error.message}`, { cause: thrown });
  return connectFailure(thrown, place);
}

// Errors of our own disk pass through ssh2's transfers too; network ones have other codes.
function isLocal(error: SshError): boolean {
  return typeof error.code === 'string' && ['ENOENT', 'EACCES', 'EISDIR', 'ENOSPC', 'EMFILE', 'EIO'].includes(error.code);
}
