// Whether somebody may have a named credential sent somewhere. Asked when a connection or a host is saved or tried.
import { type AppError, NotAllowed } from '@tidewheel/contract/errors';
import { type Actor, may } from '../../base/actor.ts';
import { requireRead } from '../../base/object-access.ts';
import { type Destination, refusalOf } from './may-use.ts';
import { type NamedCredential, unknownCredential } from './named.store.ts';
import { credentialObject } from './named-access.ts';

export interface Joining {
  actor: Actor;
  named: NamedCredential;
  to: Destination;
  /** `connection`, `host`: what it is joined to. */
  what: string;
  /** Why a credential of its type is of no use there. */
  unfit: string | undefined;
  /** It is joined to this already. */
  isJoined: boolean;
  /** And this leads where it led. */
  isAsBefore: boolean;
  fault(message: string, hint?: string): AppError;
}

/**
 * Else whoever may edit connections or hosts could read any secret by pointing one of his at his own server.
 * @throws NotFound for a credential that the actor may not read; NotAllowed `credential.not_for_all`; what `fault` makes of another reason
 */
export function requireMayJoin({ actor, named, to, what, unfit, isJoined, isAsBefore, fault }: Joining): void {
  // What is joined already may stay so: else nobody but its readers could change the title.
  if (!isJoined) requireRead(actor, { read: 'credential.read', object: credentialObject(named), unknown: () => unknownCredential(named.slug, []) });
  if (unfit) throw fault(unfit);
  const refusal = refusalOf(named, to);
  if (refusal) throw fault(refusal, 'Who may edit credentials can widen where it may be used.');
  if (named.hosts.length > 0 || may(actor, 'credential.edit', credentialObject(named)) || (isJoined && isAsBefore)) return;
  throw new NotAllowed(
    'credential.not_for_all',
    `The credential "${named.slug}" names no hosts, so only who may edit credentials joins it to a ${what} or changes where that leads.`,
    {
      hint: 'Ask an administrator to list the host in the credential, or to join it himself.',
      details: { permission: 'credential.edit' },
    },
  );
}
