import { Menu, Text, UnstyledButton } from '@mantine/core';
import { IconArrowBackUp, IconArrowsMove, IconCircleMinus, IconHelpCircle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { RouteResult } from '@tidewheel/contract/route';
import type { ChangedOccurrence, showScheduleCalendar } from '@tidewheel/contract/routes/schedules';
import type { Firing, Occurrence } from '@tidewheel/contract/schedule';
import { type DragEvent, useState } from 'react';
import { statusOf } from '../../shared/status.ts';
import classes from './DayGrid.module.css';
import { dateOf, localIn } from './local-moment.ts';

interface Handlers {
  canEdit: boolean;
  onMove: (occurrence: Occurrence) => void;
  onSkip: (occurrence: Occurrence) => void;
  /** By the instant where the rules have it. */
  onReset: (instant: string) => void;
  onWhy: (date: string) => void;
}
interface DayGridProps extends Handlers {
  dates: string[];
  /** Days of others are paler; null in a week. */
  month: string | null;
  calendar: RouteResult<typeof showScheduleCalendar>;
  timeZone: string;
  onDrop: (occurrence: Occurrence, date: string) => void;
}

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Days with what was and what will be on them. */
export function DayGrid({ dates, month, calendar, timeZone, onDrop, ...handlers }: DayGridProps) {
  const [dragged, setDragged] = useState<Occurrence | null>(null);
  const byDate = <T,>(items: readonly T[], dateIn: (item: T) => string) => Map.groupBy(items, dateIn);
  const planned = byDate(calendar.occurrences, ({ local }) => local.slice(0, 10));
  const past = byDate([...calendar.firings].reverse(), ({ instant }) => localIn(timeZone, instant).slice(0, 10));
  const changed = byDate(
    calendar.changed.filter(({ to }) => to === null),
    ({ instant }) => localIn(timeZone, instant).slice(0, 10),
  );
  const closed = new Map(calendar.closed.map(({ date, why }) => [date, why]));
  const today = dateOf(Date.parse(`${localIn(timeZone, Date.now())}Z`));
  const drop = (date: string) => {
    if (dragged && dragged.local.slice(0, 10) !== date) onDrop(dragged, date);
    setDragged(null);
  };
  return (
    <div className={classes['scroll']}>
      <div className={classes['grid']} data-week={month === null || undefined}>
        {weekdays.map((name) => (
          <div key={name} className={classes['weekday']}>
            {name}
          </div>
        ))}
        {dates.map((date) => (
          <DayCell
            key={date}
            date={date}
            mark={{ isToday: date === today, isOther: month !== null && !date.startsWith(month), isPast: date < today }}
            closed={closed.get(date)}
            planned={planned.get(date) ?? []}
            past={past.get(date) ?? []}
            left={changed.get(date) ?? []}
            timeZone={timeZone}
            most={month === null ? 50 : 4}
            isTarget={dragged !== null}
            onDragged={setDragged}
            onDrop={() => drop(date)}
            {...handlers}
          />
        ))}
      </div>
    </div>
  );
}

interface DayCellProps extends Handlers {
  date: string;
  mark: { isToday: boolean; isOther: boolean; isPast: boolean };
  closed: string | undefined;
  planned: Occurrence[];
  past: Firing[];
  left: ChangedOccurrence[];
  timeZone: string;
  most: number;
  /** Something is being dragged. */
  isTarget: boolean;
  onDragged: (occurrence: Occurrence | null) => void;
  onDrop: () => void;
}

function DayCell({ date, mark, closed, planned, past, left, timeZone, most, isTarget, onDragged, onDrop, ...handlers }: DayCellProps) {
  const over = (event: DragEvent) => {
    if (isTarget && !mark.isPast) event.preventDefault();
  };
  const all = past.length + planned.length;
  const shownPast = past.slice(-most);
  const shownPlanned = planned.slice(0, Math.max(0, most - shownPast.length));
  const more = all - shownPast.length - shownPlanned.length;
  const timeOf = (instant: string) => localIn(timeZone, instant).slice(11, 16);
  const canReset = (instant: string) => handlers.canEdit && Date.parse(instant) > Date.now();
  const entries = [
    ...shownPast.map((firing) => ({ at: firing.instant, shown: <PastMoment key={firing.instant} firing={firing} time={timeOf(firing.instant)} /> })),
    ...shownPlanned.map((occurrence) => ({
      at: occurrence.instant,
      shown: <PlannedMoment key={occurrence.instant} occurrence={occurrence} onDragged={onDragged} {...handlers} />,
    })),
    ...left.map(({ instant }) => ({
      at: instant,
      shown: <LeftOut key={instant} time={timeOf(instant)} onReset={() => handlers.onReset(instant)} canReset={canReset(instant)} />,
    })),
  ].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what can be dropped here can be moved by the menu of each moment too
    <div
      className={classes['day']}
      data-today={mark.isToday || undefined}
      data-other={mark.isOther || undefined}
      data-closed={closed !== undefined || undefined}
      onDragOver={over}
      onDrop={onDrop}
    >
      <UnstyledButton className={classes['date']} onClick={() => handlers.onWhy(date)} aria-label={`${Number(date.slice(8))}: why on ${date}`}>
        {Number(date.slice(8))}
      </UnstyledButton>
      {closed !== undefined && <span className={classes['why']}>{closed}</span>}
      {entries.map(({ shown }) => shown)}
      {more > 0 && (
        <UnstyledButton className={classes['more']} onClick={() => handlers.onWhy(date)}>
          {more} more
        </UnstyledButton>
      )}
    </div>
  );
}

function PastMoment({ firing, time }: { firing: Firing; time: string }) {
  const status = statusOf(firing.run?.state ?? firing.outcome);
  const Icon = status.icon;
  const content = (
    <>
      <Icon size={13} aria-hidden /> {time}
      <span className="tw-hidden"> {status.label}</span>
    </>
  );
  if (!firing.run)
    return (
      <span className={classes['moment']} data-tone={status.tone} title={firing.why ?? status.label}>
        {content}
      </span>
    );
  return (
    <Link
      to="/runs/$id"
      params={{ id: firing.run.id }}
      search={{}}
      className={classes['moment']}
      data-tone={status.tone}
      title={`Run ${firing.run.number}: ${status.label}`}
    >
      {content}
    </Link>
  );
}

function PlannedMoment({
  occurrence,
  onDragged,
  canEdit,
  onMove,
  onSkip,
  onReset,
  onWhy,
}: Handlers & { occurrence: Occurrence; onDragged: (occurrence: Occurrence | null) => void }) {
  const { local, movedFrom } = occurrence;
  const begin = (event: DragEvent) => {
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData('text/plain', local);
    onDragged(occurrence);
  };
  return (
    <Menu position="bottom-start" width={220}>
      <Menu.Target>
        <UnstyledButton
          className={classes['moment']}
          data-planned
          data-moved={movedFrom !== null || undefined}
          draggable={canEdit}
          onDragStart={begin}
          onDragEnd={() => onDragged(null)}
          aria-label={`${local.slice(0, 16).replace('T', ' ')}, planned${movedFrom ? ', moved by hand' : ''}`}
          title={occurrence.explanation}
        >
          {movedFrom ? <IconArrowsMove size={13} aria-hidden /> : null}
          {local.slice(11, 16)}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Text size="xs" px="sm" py={4}>
          {occurrence.explanation}
        </Text>
        <Menu.Divider />
        {canEdit && (
          <>
            <Menu.Item leftSection={<IconArrowsMove size={14} aria-hidden />} onClick={() => onMove(occurrence)}>
              Move…
            </Menu.Item>
            <Menu.Item leftSection={<IconCircleMinus size={14} aria-hidden />} onClick={() => onSkip(occurrence)}>
              Leave it out
            </Menu.Item>
            {movedFrom && (
              <Menu.Item leftSection={<IconArrowBackUp size={14} aria-hidden />} onClick={() => onReset(movedFrom)}>
                Put it back
              </Menu.Item>
            )}
          </>
        )}
        <Menu.Item leftSection={<IconHelpCircle size={14} aria-hidden />} onClick={() => onWhy(local.slice(0, 10))}>
          Why on this day
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function LeftOut({ time, canReset, onReset }: { time: string; canReset: boolean; onReset: () => void }) {
  const text = (
    <>
      <IconCircleMinus size={13} aria-hidden /> <s>{time}</s>
      <span className="tw-hidden"> left out by hand</span>
    </>
  );
  if (!canReset) return <span className={classes['moment']}>{text}</span>;
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <UnstyledButton className={classes['moment']} aria-label={`${time}, left out by hand`}>
          {text}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconArrowBackUp size={14} aria-hidden />} onClick={onReset}>
          Put it back
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
