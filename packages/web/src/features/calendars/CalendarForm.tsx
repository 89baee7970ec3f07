import { Button, Group, NumberInput, Stack, Text, Textarea, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconDeviceFloppy, IconUpload } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { changeCalendar, createCalendar } from '@tidewheel/client/routes';
import type { CalendarDefinition } from '@tidewheel/contract/calendar';
import { firstYear, lastYear } from '@tidewheel/contract/calendar-limits';
import type { Calendar } from '@tidewheel/contract/routes/calendars';
import { slugOf } from '@tidewheel/contract/slug';
import { type FormEvent, useState } from 'react';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { announce } from '../../shared/notify.ts';
import classes from '../../shared/Split.module.css';
import { CalendarImportDialog } from './CalendarImportDialog.tsx';
import { previewQuery } from './calendars.queries.ts';
import { isComplete, newRule } from './new-rule.ts';
import { RuleList } from './RuleList.tsx';
import { withDates } from './with-dates.ts';
import { YearStepper } from './YearStepper.tsx';
import { YearView } from './YearView.tsx';

interface Draft {
  title: string;
  slug: string;
  description: string;
  note: string;
  definition: CalendarDefinition;
}

function draftOf(calendar: Calendar | undefined): Draft {
  if (!calendar) return { title: '', slug: '', description: '', note: '', definition: { rules: [newRule('calendar')] } };
  const { title, slug, description, definition } = calendar;
  return { title, slug, description, note: '', definition };
}

/** A calendar's rules beside the year that they make. */
export function CalendarForm({ calendar, importing = false }: { calendar?: Calendar; importing?: boolean }) {
  const [draft, setDraft] = useState(() => draftOf(calendar));
  const [isImporting, setImporting] = useState(importing);
  const set = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const setDefinition = (part: Partial<CalendarDefinition>) => set({ definition: { ...draft.definition, ...part } });
  const save = useSave(draft, calendar);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const slug = draft.slug || slugOf(draft.title);
  const isSound = draft.title.trim() !== '' && slug !== '' && draft.definition.rules.every(isComplete);
  return (
    <div className={classes['split']}>
      <form onSubmit={submit} className={`tw-card ${classes['card']}`} noValidate>
        <Stack gap="sm">
          <Group gap="sm" grow preventGrowOverflow={false}>
            <TextInput label="Title" required value={draft.title} onChange={(event) => set({ title: event.currentTarget.value })} />
            {!calendar && (
              <TextInput
                label="Name in flows"
                placeholder={slugOf(draft.title) || 'desk'}
                value={draft.slug}
                onChange={(event) => set({ slug: event.currentTarget.value })}
              />
            )}
          </Group>
          <Textarea
            label="What it is for"
            autosize
            minRows={1}
            value={draft.description}
            onChange={(event) => set({ description: event.currentTarget.value })}
          />
          <Title order={2} mt="xs">
            Rules
          </Title>
          <Text size="sm" c="dimmed">
            Each rule names days off. A day is off when any of them says so; every other day is a business day.
          </Text>
          <RuleList label="Rule" rules={draft.definition.rules} onChange={(rules) => setDefinition({ rules })} />
          <Group>
            <Button variant="default" size="xs" leftSection={<IconUpload size={14} aria-hidden />} onClick={() => setImporting(true)}>
              Import dates
            </Button>
          </Group>
          <KnownYears definition={draft.definition} onChange={setDefinition} />
          <TextInput
            label={calendar ? 'Why it is changed' : 'Why it is so'}
            value={draft.note}
            onChange={(event) => set({ note: event.currentTarget.value })}
          />
          {save.error && <ErrorNotice error={save.error} />}
          <Group mt="xs">
            <Button type="submit" loading={save.isPending} disabled={!isSound} leftSection={<IconDeviceFloppy size={16} aria-hidden />}>
              {calendar ? 'Save as a new version' : 'Create the calendar'}
            </Button>
          </Group>
        </Stack>
      </form>
      <Preview definition={draft.definition} slug={calendar?.slug} />
      {isImporting && (
        <CalendarImportDialog
          onTake={(dates) => setDraft((before) => ({ ...before, definition: { ...before.definition, rules: withDates(before.definition.rules, dates) } }))}
          onClose={() => setImporting(false)}
        />
      )}
    </div>
  );
}

function useSave(draft: Draft, calendar: Calendar | undefined) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => {
      const { title, description, note, definition } = draft;
      const body = { title: title.trim(), description, note, definition };
      if (calendar) return api.call(changeCalendar, { params: { slug: calendar.slug }, body: { ...body, version: calendar.version } });
      return api.call(createCalendar, { body: { ...body, slug: draft.slug || slugOf(title) } });
    },
    onSuccess: async (saved) => {
      await queries.invalidateQueries({ queryKey: ['calendars'] });
      await navigate({ to: '/calendars/$slug', params: { slug: saved.slug }, search: {} });
      announce(calendar ? `The calendar has version ${saved.version}.` : 'The calendar is created.');
    },
  });
}

function KnownYears({ definition, onChange }: { definition: CalendarDefinition; onChange: (part: Partial<CalendarDefinition>) => void }) {
  const years = definition.years ?? {};
  const year = (key: 'from' | 'to', label: string) => (
    <NumberInput
      label={label}
      w={150}
      hideControls
      allowDecimal={false}
      min={firstYear}
      max={lastYear}
      placeholder="Any"
      value={years[key] ?? ''}
      onChange={(value) => onChange({ years: { ...years, [key]: typeof value === 'number' ? value : undefined } })}
    />
  );
  return (
    <div>
      <Group gap="sm">
        {year('from', 'Known from year')}
        {year('to', 'Known until year')}
      </Group>
      <Text size="xs" c="dimmed" mt={4}>
        Whoever asks about another year gets an error instead of a wrong answer.
      </Text>
    </div>
  );
}

/** What the rules make, a moment after they change. */
function Preview({ definition, slug }: { definition: CalendarDefinition; slug: string | undefined }) {
  const [year, setYear] = useState(new Date().getUTCFullYear());
  const [settled] = useDebouncedValue(definition, 400);
  const isReady = settled.rules.every(isComplete);
  const shown = useQuery({ ...previewQuery({ slug, definition: settled, year }), enabled: isReady });
  return (
    <section className={`tw-card ${classes['card']}`} aria-label="What it looks like">
      <Group justify="space-between" mb="md">
        <YearStepper year={year} onChange={setYear} />
        {shown.data && isReady && !shown.error && <Text size="sm">{shown.data.businessDays} business days</Text>}
      </Group>
      {!isReady && <Text size="sm">Fill in the names of all rules to see the year.</Text>}
      {isReady && shown.error && <ErrorNotice error={shown.error} />}
      {isReady && !shown.error && shown.data && <YearView shown={shown.data} />}
    </section>
  );
}
