// The parameters of one firing: values as they are, expressions over the moment.
import { AppError } from '@tidewheel/contract/errors';
import type { Fault } from '@tidewheel/contract/problem';
import type { ScheduleParameter } from '@tidewheel/contract/schedule';
import { dateInZone } from '../../base/clock.ts';
import type { Calendars } from '../expressions/calendars.ts';
import { evaluate } from '../expressions/evaluate.ts';
import type { Scope } from '../expressions/scope.ts';
import type { Moment } from './timing/moments.ts';

interface Firing {
  parameters: Record<string, ScheduleParameter>;
  moment: Pick<Moment, 'instant' | 'businessDate'>;
  timeZone: string;
  flow: string;
  /** Those that its expressions may ask for. */
  calendars?: Calendars | undefined;
}

export function firingParameters({ parameters, moment, timeZone, flow, calendars }: Firing): { values: Record<string, unknown>; faults: Fault[] } {
  const now = new Date(moment.instant);
  const scope: Scope = {
    parameters: {},
    locals: { businessDate: moment.businessDate },
    steps: new Map(),
    run: { id: '', number: 0, flow },
    now,
    today: dateInZone(now, timeZone),
    calendars,
  };
  const values: Record<string, unknown> = {};
  const faults: Fault[] = [];
  for (const [name, parameter] of Object.entries(parameters)) {
    if ('value' in parameter) {
      values[name] = parameter.value;
      continue;
    }
    try {
      values[name] = evaluate(parameter.expression, scope);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      faults.push({ path: `parameters.${name}`, message: error.message, severity: 'error', ...(error.hint === undefined ? {} : { hint: error.hint }) });
    }
  }
  return { values, faults };
}
