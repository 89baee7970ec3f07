import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { askCalendar } from '@tidewheel/client/routes';
import { RollConvention } from '@tidewheel/contract/calendar';
import { command, contextOf } from '../../command.ts';
import { positiveCount } from '../../listing.ts';

export function calendarCount() {
  return command('count', {
    summary: 'Ask about a date, or count business days from it',
    examples: [
      ['tidewheel calendar count TARGET 2026-12-25', 'whether it is a business day, and why not'],
      ['tidewheel calendar count TARGET 2026-12-24 --add 2', 'two business days on'],
      ['tidewheel calendar count NYSE 2026-12-01 --nth -1', 'the last business day of December'],
      ['tidewheel calendar count TARGET 2026-12-01 --until 2026-12-31', 'business days after the first up to the last'],
    ],
  })
    .argument('<calendar>', 'name of the calendar')
    .argument('[date]', 'YYYY-MM-DD; today when omitted')
    .option('--add <n>', 'so many business days on, or back when negative', wholeNumber)
    .option('--nth <n>', 'the nth business day of its month; -1 is the last', wholeNumber)
    .addOption(new Option('--roll <how>', 'the business day it is moved to').choices(RollConvention.options))
    .option('--until <date>', 'how many business days lie between')
    .option('--version <n>', 'of this version', positiveCount)
    .action(async (slug, given, options) => {
      const context = contextOf(options);
      const date = given ?? new Date().toISOString().slice(0, 10);
      const { question, ...with_ } = questionOf(options);
      const answer = await (await context.client()).call(askCalendar, { params: { slug }, query: { date, question, ...with_, version: options.version } });
      context.print.result(answer, () => {
        if (typeof answer.result !== 'boolean') return context.print.line(String(answer.result ?? 'none'));
        context.print.line(answer.why === null ? `${date} is a business day.` : `${date} is no business day: ${answer.why}`);
      });
    });
}

interface Asked {
  add?: number | undefined;
  nth?: number | undefined;
  roll?: RollConvention | undefined;
  until?: string | undefined;
}

function questionOf({ add, nth, roll, until }: Asked) {
  if (add !== undefined) return { question: 'add', days: add } as const;
  if (nth !== undefined) return { question: 'nth', days: nth } as const;
  if (roll !== undefined) return { question: 'roll', convention: roll } as const;
  return until === undefined ? ({ question: 'isBusinessDay' } as const) : ({ question: 'between', until } as const);
}

function wholeNumber(text: string): number {
  if (!/^-?\d{1,6}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
