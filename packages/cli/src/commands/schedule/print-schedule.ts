// Schedules as people read them.
import type { Schedule } from '@tidewheel/contract/routes/schedules';
import type { Firing, Occurrence } from '@tidewheel/contract/schedule';
import type { Printer } from '../../output/printer.ts';
import type { TableColumn } from '../../output/table.ts';
import { duration, instant, plain } from '../../output/text.ts';

export const scheduleArgument = 'name of the schedule';

export const scheduleColumns: TableColumn<Schedule>[] = [
  { title: 'Schedule', value: (one) => one.slug, whole: true },
  { title: 'Flow', value: (one) => one.definition.flow },
  { title: 'When', value: (one) => plain(one.words.join('; ')) },
  { title: 'State', value: (one) => (one.problem ? 'problem' : one.state), whole: true },
  { title: 'Next', value: (one) => instant(one.nextAt), whole: true },
  { title: 'Last', value: (one) => (one.last ? (one.last.run?.state ?? one.last.outcome) : ''), whole: true },
  { title: 'Owner', value: (one) => one.owner ?? '', optional: true },
];
export const occurrenceColumns: TableColumn<Occurrence>[] = [
  { title: 'When', value: (one) => one.local.replace('T', ' '), whole: true },
  { title: 'Instant', value: (one) => one.instant, whole: true },
  { title: 'For', value: (one) => one.businessDate, whole: true },
  { title: 'Why', value: (one) => plain(one.explanation) },
];
export const firingColumns: TableColumn<Firing>[] = [
  { title: 'Due', value: (one) => instant(one.instant), whole: true },
  { title: 'Outcome', value: (one) => one.outcome, whole: true },
  { title: 'Late', value: (one) => (one.outcome === 'fired' ? duration(one.lateMs) : ''), align: 'right' },
  { title: 'Run', value: (one) => (one.run ? `${one.run.number} ${one.run.state}` : ''), whole: true },
  { title: 'By', value: (one) => one.by ?? '', optional: true },
  { title: 'Why', value: (one) => plain(one.why ?? '') },
];

export function printSchedule(print: Printer, one: Schedule): void {
  const { definition } = one;
  print.facts([
    ['Schedule', `${one.slug}  ${plain(definition.title)}`],
    ['Flow', definition.flow],
    ['State', `${one.state}${one.paused ? ` since ${instant(one.paused.at)} by ${plain(one.paused.by)}` : ''}`],
    ['Problem', one.problem && plain(one.problem)],
    ['When', one.words.map(plain).join('\n')],
    ['Time zone', definition.timeZone],
    ['Calendar', definition.calendar],
    ['Days off', definition.nonBusinessDay],
    ['Next', one.nextLocal && `${one.nextLocal.replace('T', ' ')} (${one.nextAt})`],
    ['Last', one.last && `${instant(one.last.instant)} ${one.last.outcome}${one.last.why ? `: ${plain(one.last.why)}` : ''}`],
    ['Runs as', one.owner],
    ['Parameters', Object.keys(definition.parameters).length > 0 ? plain(JSON.stringify(definition.parameters)) : null],
  ]);
}
