// What the way out reports, said as errors of WinRM.
import { AppError, InvalidInput, TimedOut, Unreachable } from '@tidewheel/contract/errors';

/** `host:port`, or `[v6]:port`. */
export function placeOf({ address, port }: { address: string; port: number }): string {
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

/** An error of connecting, of TLS or of a lost connection. */
export function connectFailure(thrown: unknown, place: string): unknown {
  if (thrown instanceof AppError) return byEgress[thrown.code]?.(thrown, place) ?? thrown;
  const { code, message } = thrown as NodeJS.ErrnoException;
  if (code === 'ECONNREFUSED')
    return new Unreachable('winrm.port', `Nothing listens at ${place}.`, {
      hint: 'On the host, run winrm quickconfig (add -transport:https for https). The ports are 5985 for http and 5986 for https.',
      cause: thrown,
    });
  if (code === undefined) return thrown;
  return new Unreachable('winrm.unreachable', `${place} cannot be reached: ${message}`, {
    hint: 'Check the address, the network and the firewall.',
    cause: thrown,
  });
}

const byEgress: Readonly<Record<string, (error: AppError, place: string) => AppError>> = {
  'egress.dns': (cause, place) =>
    new Unreachable('winrm.dns', `The name of ${place} is not known.`, { hint: 'Check the spelling of the address and the DNS of this machine.', cause }),
  'egress.timeout': (cause, place) =>
    new TimedOut('winrm.timeout', cause.message, {
      hint: `Check the address and that no firewall drops the packets to ${place}, and that the host is not stuck.`,
      cause,
    }),
  'egress.certificate': (cause, place) =>
    new InvalidInput('winrm.certificate', `${place}: ${cause.message}`, {
      hint: 'Compare the fingerprint with the one the host has (Get-ChildItem Cert:\\LocalMachine\\My) and pin it, enter the authority, or correct the name in the certificate and the clocks.',
      ...(cause.details ? { details: cause.details } : {}),
      cause,
    }),
  'egress.tls': (cause) =>
    new Unreachable('winrm.tls', cause.message, { hint: 'Check that it is the port for https (5986), and that its listener has a certificate.', cause }),
  'egress.lost': (cause) => new Unreachable('winrm.lost', cause.message, { hint: 'The host closed it, was started anew, or something in between did.', cause }),
  'egress.too_large': (cause) =>
    new InvalidInput('winrm.answer_too_large', cause.message, { hint: 'No host of WinRM answers with that much at a time.', cause }),
};
