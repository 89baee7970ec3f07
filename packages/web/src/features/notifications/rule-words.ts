// Rules in words.
import type { RuleMatch, RuleRecipients } from '@tidewheel/contract/notify';

export function matchText(match: RuleMatch): string {
  const parts = [
    match.kinds.length > 0 ? match.kinds.join(', ') : 'anything',
    listed('of the flows', match.flows),
    listed('in', match.folders),
    listed('of the kind', match.flowKinds),
    listed('owned by', match.owners),
    listed('started by', match.startedBy),
    match.minSeverity === undefined ? null : `at least ${match.minSeverity}`,
    match.durationOverSeconds === undefined ? null : `longer than ${match.durationOverSeconds} s`,
    match.durationTimesUsual === undefined ? null : `longer than ${match.durationTimesUsual} times the usual`,
    match.errorPattern === undefined ? null : `error like /${match.errorPattern}/`,
    listed('error code', match.errorCodes),
  ];
  return parts.filter((part) => part !== null).join(', ');
}

export function recipientsText(to: RuleRecipients): string {
  const parts = [
    to.starter ? 'who started it' : null,
    to.owner ? 'who owns the flow, or saved the search' : null,
    to.watchers ? 'who watches it' : null,
    to.approvers ? 'who may decide' : null,
    listed('team', to.teams),
    listed('role', to.roles),
    ...to.people,
    ...to.addresses,
  ];
  const text = parts.filter((part) => part !== null).join(', ');
  return text === '' ? 'the places of its channels' : text;
}

function listed(what: string, values: readonly string[]): string | null {
  return values.length === 0 ? null : `${what} ${values.join(', ')}`;
}
