import type { Trigger } from '@tidewheel/contract/trigger';
import type { Printer } from '../../output/printer.ts';
import { instant, plain } from '../../output/text.ts';

export function printTrigger(print: Printer, trigger: Trigger): void {
  const { failing, paused, secret } = trigger;
  print.facts([
    ['Trigger', trigger.slug],
    ['Title', plain(trigger.title)],
    ['Kind', trigger.kind],
    ['Flow', trigger.flow],
    ['State', paused ? `paused at ${instant(paused.at)} by ${plain(paused.by)}` : trigger.health],
    ['Failing', failing ? `since ${instant(failing.since)}, ${failing.times} times: ${plain(failing.error.message)}` : null],
    ['Waits', trigger.note === null ? null : plain(trigger.note)],
    ['Address', trigger.url],
    ['Secret', trigger.kind !== 'webhook' ? null : secret ? secretText(secret) : 'none yet: tidewheel trigger secret'],
    ['Condition', trigger.condition === null ? null : plain(trigger.condition)],
    ...Object.entries(trigger.parameters).map(([name, value]): [string, string] => [`→ ${name}`, plain(value)]),
    ...Object.entries(trigger.config).map(([name, value]): [string, string] => [name, plain(typeof value === 'string' ? value : JSON.stringify(value))]),
    ['Owner', plain(trigger.owner ?? 'somebody')],
    ['Last look', instant(trigger.lastLookAt)],
    ['Next look', instant(trigger.nextLookAt)],
    ['Last fired', instant(trigger.lastFiredAt)],
    ['Archived', instant(trigger.archivedAt)],
  ]);
}

function secretText({ setAt, previousUntil }: NonNullable<Trigger['secret']>): string {
  return `set ${instant(setAt)}${previousUntil ? `; the one before counts until ${instant(previousUntil)}` : ''}`;
}
