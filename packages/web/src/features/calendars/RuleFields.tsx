import { Chip, Group, TextInput } from '@mantine/core';
import type { CalendarRule } from '@tidewheel/contract/calendar';
import { weekdays } from '@tidewheel/contract/calendar-limits';
import { CalendarChoice, CountryFields } from './CountryFields.tsx';
import { DateRows } from './DateRows.tsx';
import { capital } from './day-words.ts';
import { YearlyFields } from './YearlyFields.tsx';

export type Combined = Extract<CalendarRule, { kind: 'union' | 'intersection' | 'minus' | 'shift' }>;
export type Simple = Exclude<CalendarRule, Combined>;

/** The fields of a rule that stands by itself. */
export function RuleFields({ rule, onChange }: { rule: Simple; onChange: (rule: Simple) => void }) {
  switch (rule.kind) {
    case 'weekend':
      return (
        <Chip.Group multiple value={rule.days} onChange={(days) => onChange({ ...rule, days: weekdays.filter((day) => days.includes(day)) })}>
          <Group gap={6} role="group" aria-label="Weekdays that are off">
            {weekdays.map((day) => (
              <Chip key={day} value={day} size="xs">
                {capital(day)}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      );
    case 'country':
    case 'countryWeekend':
      return <CountryFields rule={rule} onChange={onChange} />;
    case 'calendar':
      return <CalendarChoice value={rule.calendar} onChange={(calendar) => onChange({ ...rule, calendar })} />;
    case 'fixed':
    case 'nthWeekday':
    case 'easter':
      return <YearlyFields rule={rule} onChange={onChange} />;
    case 'dates':
      return <DateRows dates={rule.dates} onChange={(dates) => onChange({ ...rule, dates })} />;
    case 'blackout':
      return <BlackoutFields rule={rule} onChange={onChange} />;
  }
}

type Blackout = Extract<CalendarRule, { kind: 'blackout' }>;

function BlackoutFields({ rule, onChange }: { rule: Blackout; onChange: (rule: Blackout) => void }) {
  return (
    <Group gap="sm" align="end">
      <TextInput type="date" label="From" value={rule.from} onChange={(event) => onChange({ ...rule, from: event.currentTarget.value })} />
      <TextInput
        type="date"
        label="To (included)"
        value={rule.to}
        error={rule.to < rule.from ? 'Before its first day' : undefined}
        onChange={(event) => onChange({ ...rule, to: event.currentTarget.value })}
      />
      <TextInput
        label="Reason"
        required
        style={{ flex: 1, minWidth: 160 }}
        value={rule.reason}
        onChange={(event) => onChange({ ...rule, reason: event.currentTarget.value })}
      />
    </Group>
  );
}
