import { Group, NumberInput, Select, TextInput } from '@mantine/core';
import { intervalUnits, type ScheduleRule } from '@tidewheel/contract/schedule';
import { CalendarInput } from '../../form/CalendarInput.tsx';
import { cronOf, cronParts, cronPatterns } from './new-rule.ts';
import { TimesInput } from './TimesInput.tsx';

type Rule<K extends ScheduleRule['kind']> = Extract<ScheduleRule, { kind: K }>;
interface Props<R> {
  rule: R;
  onChange: (rule: ScheduleRule) => void;
}

/** The fields of one rule, by its kind. */
export function RuleFields({ rule, onChange }: Props<ScheduleRule>) {
  switch (rule.kind) {
    case 'cron':
      return <CronFields rule={rule} onChange={onChange} />;
    case 'rrule':
      return <RecurrenceFields rule={rule} onChange={onChange} />;
    case 'businessDays':
      return (
        <>
          <TimesInput label="At" times={rule.at} onChange={(at) => onChange({ ...rule, at })} />
          <RuleCalendar rule={rule} onChange={onChange} />
        </>
      );
    case 'nthBusinessDay':
      return <NthFields rule={rule} onChange={onChange} />;
    case 'afterPeriod':
      return <PeriodFields rule={rule} onChange={onChange} />;
    case 'interval':
      return <IntervalFields rule={rule} onChange={onChange} />;
  }
}

const mono = { input: { fontFamily: 'var(--mantine-font-family-monospace)' } };

function CronFields({ rule, onChange }: Props<Rule<'cron'>>) {
  const parts = cronParts(rule.expression);
  const build = (next: { time: string; days: string }) => onChange({ ...rule, expression: cronOf(next) });
  return (
    <>
      <Group gap="xs" grow>
        <Select
          label="Days"
          placeholder="as the expression says"
          data={[...cronPatterns]}
          value={parts?.days ?? null}
          onChange={(days) => days && build({ time: parts?.time ?? '18:00', days })}
        />
        <TextInput
          label="Time"
          type="time"
          value={parts?.time ?? ''}
          onChange={(event) => build({ time: event.currentTarget.value || '00:00', days: parts?.days ?? '* * *' })}
        />
      </Group>
      <TextInput
        label="Cron expression"
        description="minute hour day month weekday, or with seconds first; L, W and # too"
        value={rule.expression}
        onChange={(event) => onChange({ ...rule, expression: event.currentTarget.value })}
        spellCheck={false}
        styles={mono}
      />
    </>
  );
}

function RecurrenceFields({ rule, onChange }: Props<Rule<'rrule'>>) {
  return (
    <>
      <TextInput
        label="Rule"
        description="As calendars write it (RFC 5545)"
        value={rule.rule}
        onChange={(event) => onChange({ ...rule, rule: event.currentTarget.value })}
        spellCheck={false}
        styles={mono}
      />
      <TextInput label="First time" type="datetime-local" value={rule.start} onChange={(event) => onChange({ ...rule, start: event.currentTarget.value })} />
    </>
  );
}

function NthFields({ rule, onChange }: Props<Rule<'nthBusinessDay'>>) {
  return (
    <>
      <NumberInput
        label="Business day"
        description="1 is the first of the month, -1 the last"
        value={rule.nth}
        onChange={(nth) => onChange({ ...rule, nth: Number(nth) })}
        min={-23}
        max={23}
      />
      <TimesInput label="At" times={rule.at} onChange={(at) => onChange({ ...rule, at })} />
      <RuleCalendar rule={rule} onChange={onChange} />
    </>
  );
}

const periods = ['day', 'week', 'month', 'quarter', 'year'].map((value) => ({ value, label: `each ${value}` }));

function PeriodFields({ rule, onChange }: Props<Rule<'afterPeriod'>>) {
  return (
    <>
      <Group gap="xs" grow align="start">
        <NumberInput
          label="T+"
          description="0: its last business day"
          value={rule.days}
          onChange={(days) => onChange({ ...rule, days: Number(days) })}
          min={-60}
          max={250}
        />
        <Select
          label="After the end of"
          description="The last business day is T"
          data={periods}
          value={rule.period}
          onChange={(period) => period && onChange({ ...rule, period: period as typeof rule.period })}
          allowDeselect={false}
        />
      </Group>
      <TimesInput label="At" times={rule.at} onChange={(at) => onChange({ ...rule, at })} />
      <RuleCalendar rule={rule} onChange={onChange} />
    </>
  );
}

/** What is offered with a unit when it is chosen: a run each second is rarely meant. */
const usual: Record<Rule<'interval'>['unit'], number> = { seconds: 30, minutes: 15, hours: 1 };

function IntervalFields({ rule, onChange }: Props<Rule<'interval'>>) {
  return (
    <Group gap="xs" grow align="start">
      <NumberInput label="Every" value={rule.every} onChange={(every) => onChange({ ...rule, every: Number(every) })} min={1} max={10_000} />
      <Select
        label="Unit"
        data={[...intervalUnits]}
        value={rule.unit}
        onChange={(unit) => unit && onChange({ ...rule, unit: unit as typeof rule.unit, every: usual[unit as typeof rule.unit] })}
        allowDeselect={false}
      />
      <TextInput
        label="Counted from"
        type="datetime-local"
        step={rule.unit === 'seconds' ? 1 : 60}
        value={rule.from}
        onChange={(event) => onChange({ ...rule, from: event.currentTarget.value })}
      />
    </Group>
  );
}

function RuleCalendar({ rule, onChange }: Props<Rule<'businessDays'> | Rule<'nthBusinessDay'> | Rule<'afterPeriod'>>) {
  const change = (calendar: string | null) => {
    const { calendar: _before, ...rest } = rule;
    onChange(calendar === null ? rest : { ...rest, calendar });
  };
  return <CalendarInput label="Business days of" placeholder="the calendar of the schedule" value={rule.calendar ?? null} onChange={change} />;
}
