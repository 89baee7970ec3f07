import { Group, NumberInput, Select, TextInput } from '@mantine/core';
import type { CalendarRule } from '@tidewheel/contract/calendar';
import { firstYear, lastYear, weekdays } from '@tidewheel/contract/calendar-limits';
import { capital, monthNames, observances, ordinals } from './day-words.ts';

type Yearly = Extract<CalendarRule, { kind: 'fixed' | 'nthWeekday' | 'easter' }>;
interface YearlyFieldsProps<R extends Yearly> {
  rule: R;
  onChange: (rule: R) => void;
}

const monthChoices = monthNames.map((label, month) => ({ value: String(month + 1), label }));
const nthChoices = Object.entries(ordinals).map(([value, label]) => ({ value, label: capital(label) }));
const weekdayChoices = weekdays.map((value) => ({ value, label: capital(value) }));
const observanceChoices = Object.entries(observances).map(([value, label]) => ({ value, label: capital(label) }));

/** A day that comes every year: by its date, by its weekday, or with Easter. */
export function YearlyFields({ rule, onChange }: YearlyFieldsProps<Yearly>) {
  const year = (key: 'from' | 'to', label: string) => (
    <NumberInput
      label={label}
      w={110}
      hideControls
      allowDecimal={false}
      min={firstYear}
      max={lastYear}
      placeholder="Always"
      value={rule[key] ?? ''}
      onChange={(value) => onChange({ ...rule, [key]: typeof value === 'number' ? value : undefined })}
    />
  );
  return (
    <Group gap="sm" align="end">
      <TextInput label="Name" required w={200} value={rule.name} onChange={(event) => onChange({ ...rule, name: event.currentTarget.value })} />
      {rule.kind === 'fixed' && <FixedFields rule={rule} onChange={onChange} />}
      {rule.kind === 'nthWeekday' && <WeekdayFields rule={rule} onChange={onChange} />}
      {rule.kind === 'easter' && <EasterFields rule={rule} onChange={onChange} />}
      {year('from', 'From year')}
      {year('to', 'Until year')}
    </Group>
  );
}

function MonthChoice({ month, onChange }: { month: number; onChange: (month: number) => void }) {
  return (
    <Select label="Month" w={140} allowDeselect={false} data={monthChoices} value={String(month)} onChange={(value) => onChange(Number(value ?? month))} />
  );
}

function FixedFields({ rule, onChange }: YearlyFieldsProps<Extract<Yearly, { kind: 'fixed' }>>) {
  return (
    <>
      <NumberInput label="Day" w={80} min={1} max={31} allowDecimal={false} value={rule.day} onChange={(day) => onChange({ ...rule, day: Number(day) || 1 })} />
      <MonthChoice month={rule.month} onChange={(month) => onChange({ ...rule, month })} />
      <Select
        label="On a weekend it is given"
        w={280}
        allowDeselect={false}
        data={observanceChoices}
        value={rule.observed ?? 'none'}
        onChange={(observed) => onChange({ ...rule, observed: (observed ?? 'none') as NonNullable<typeof rule.observed> })}
      />
    </>
  );
}

function WeekdayFields({ rule, onChange }: YearlyFieldsProps<Extract<Yearly, { kind: 'nthWeekday' }>>) {
  return (
    <>
      <Select
        label="Which"
        w={130}
        allowDeselect={false}
        data={nthChoices}
        value={String(rule.nth)}
        onChange={(nth) => onChange({ ...rule, nth: Number(nth ?? 1) })}
      />
      <Select
        label="Weekday"
        w={140}
        allowDeselect={false}
        data={weekdayChoices}
        value={rule.weekday}
        onChange={(weekday) => onChange({ ...rule, weekday: (weekday ?? rule.weekday) as typeof rule.weekday })}
      />
      <MonthChoice month={rule.month} onChange={(month) => onChange({ ...rule, month })} />
    </>
  );
}

function EasterFields({ rule, onChange }: YearlyFieldsProps<Extract<Yearly, { kind: 'easter' }>>) {
  return (
    <>
      <NumberInput
        label="Days after Easter Sunday"
        w={190}
        min={-100}
        max={100}
        allowDecimal={false}
        value={rule.days}
        onChange={(days) => onChange({ ...rule, days: Number(days) || 0 })}
      />
      <Select
        label="Church"
        w={140}
        allowDeselect={false}
        data={[
          { value: 'western', label: 'Western' },
          { value: 'orthodox', label: 'Orthodox' },
        ]}
        value={rule.church ?? 'western'}
        onChange={(church) => onChange({ ...rule, church: church === 'orthodox' ? 'orthodox' : 'western' })}
      />
    </>
  );
}
