import { Tooltip, VisuallyHidden } from '@mantine/core';
import type { DayOff } from '@tidewheel/contract/calendar';
import type { CalendarYear } from '@tidewheel/contract/routes/calendars';
import { kindOf, reasonText } from './day-words.ts';
import classes from './YearView.module.css';

const months = Array.from({ length: 12 }, (_, month) => month);
const monthName = new Intl.DateTimeFormat('en', { month: 'long', timeZone: 'UTC' });
const dayName = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'long', timeZone: 'UTC' });
const heads = ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'];

type Off = ReadonlyMap<string, readonly DayOff[]>;

/** Twelve months; what a day off is for shows on hover and focus, and its kind by a mark beside the colour. */
export function YearView({ shown, today }: { shown: CalendarYear; today?: string }) {
  const off: Off = new Map(shown.daysOff.map(({ date, reasons }) => [date, reasons]));
  return (
    <div>
      <div className={classes['months']}>
        {months.map((month) => (
          <Month key={month} year={shown.year} month={month} off={off} today={today} />
        ))}
      </div>
      <ul className={classes['legend']} aria-label="What the marks mean">
        <li>
          <span className={classes['day']}>8</span> business day
        </li>
        <li>
          <span className={classes['day']} data-kind="weekend">
            8
          </span>
          weekend
        </li>
        <li>
          <span className={classes['day']} data-kind="holiday">
            8
          </span>
          holiday
        </li>
        <li>
          <span className={classes['day']} data-kind="blackout">
            8
          </span>
          blackout
        </li>
      </ul>
    </div>
  );
}

function Month({ year, month, off, today }: { year: number; month: number; off: Off; today: string | undefined }) {
  const name = monthName.format(new Date(Date.UTC(year, month, 1)));
  return (
    <table className={classes['month']}>
      <caption>{name}</caption>
      <thead>
        <tr>
          {heads.map((head) => (
            <th key={head} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeksOf(year, month).map((week) => (
          <tr key={week.find((date) => date !== null) ?? ''}>
            {week.map((date, index) => (date === null ? <td key={heads[index]} /> : <td key={date}>{dayOf(date, off.get(date), today)}</td>))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function dayOf(date: string, reasons: readonly DayOff[] | undefined, today: string | undefined) {
  const number = Number(date.slice(8));
  const kind = kindOf(reasons);
  const marks = { className: classes['day'], 'data-kind': kind ?? undefined, 'data-today': date === today || undefined };
  if (kind === null || kind === 'weekend') return <span {...marks}>{number}</span>;
  return (
    <Tooltip label={reasonText(reasons)} events={{ hover: true, focus: true, touch: true }} withArrow>
      <button type="button" {...marks}>
        <span aria-hidden>{number}</span>
        <VisuallyHidden>
          {dayName.format(new Date(`${date}T00:00:00Z`))}: {kind}, {reasons?.map(({ name }) => name).join(', ')}
        </VisuallyHidden>
      </button>
    </Tooltip>
  );
}

/** Monday first; null where the month has no day. */
function weeksOf(year: number, month: number): (string | null)[][] {
  const length = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const before = (new Date(Date.UTC(year, month, 1)).getUTCDay() + 6) % 7;
  const cells = Array.from({ length: Math.ceil((before + length) / 7) * 7 }, (_, at) => {
    const day = at - before + 1;
    return day < 1 || day > length ? null : new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);
  });
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}
