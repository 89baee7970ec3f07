import { Autocomplete, Button, Group, Select, Stack, Text, Textarea, TextInput, Title } from '@mantine/core';
import { IconDeviceFloppy } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { createSchedule, updateSchedule } from '@tidewheel/client/routes';
import type { Schedule } from '@tidewheel/contract/routes/schedules';
import type { ScheduleDefinition } from '@tidewheel/contract/schedule';
import { slugOf } from '@tidewheel/contract/slug';
import { type FormEvent, useState } from 'react';
import { CalendarInput } from '../../form/CalendarInput.tsx';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { FlowSelect } from '../../shared/FlowSelect.tsx';
import { announce } from '../../shared/notify.ts';
import split from '../../shared/Split.module.css';
import { ExclusionFields } from './ExclusionFields.tsx';
import { exclusionTitles, newExclusion, newRule, ruleTitles } from './new-rule.ts';
import { ParameterFields } from './ParameterFields.tsx';
import { PolicyFields } from './PolicyFields.tsx';
import { PreviewCard, usePreview } from './PreviewCard.tsx';
import { RuleCards } from './RuleCards.tsx';
import { RuleFields } from './RuleFields.tsx';
import { WindowFields } from './WindowFields.tsx';

const zones = Intl.supportedValuesOf('timeZone').concat('UTC');
const daysOff = [
  { value: 'skip', label: 'is left out' },
  { value: 'following', label: 'moves to the next open day' },
  { value: 'modifiedFollowing', label: 'moves to the next open day of the month, else the one before' },
  { value: 'preceding', label: 'moves to the open day before' },
  { value: 'modifiedPreceding', label: 'moves to the open day before in the month, else the next' },
  { value: 'run', label: 'fires all the same' },
];

/** A schedule to be made or changed, and beside it what it will do. */
export function ScheduleForm({ schedule, initial }: { schedule: Schedule | null; initial: ScheduleDefinition }) {
  const [definition, setDefinition] = useState(initial);
  const [slug, setSlug] = useState<string | null>(schedule?.slug ?? null);
  const preview = usePreview(definition);
  const save = useSave(schedule);
  const set = (part: Partial<ScheduleDefinition>) => setDefinition((before) => ({ ...before, ...part }));
  const name = slug ?? slugOf(definition.title);
  const hasErrors = preview.faults.some(({ severity }) => severity !== 'warning');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ slug: name, definition });
  };
  return (
    <div className={split['split']}>
      <form onSubmit={submit} className={`tw-card ${split['card']}`} noValidate>
        <Stack gap="sm">
          <TextInput label="Title" withAsterisk value={definition.title} onChange={(event) => set({ title: event.currentTarget.value })} />
          {!schedule && (
            <TextInput
              label="Name"
              description="In addresses and on the command line; it cannot be changed later"
              value={name}
              onChange={(event) => setSlug(event.currentTarget.value)}
            />
          )}
          <Textarea
            label="Description"
            autosize
            minRows={1}
            value={definition.description ?? ''}
            onChange={(event) => set({ description: event.currentTarget.value || null })}
          />
          <div>
            <Text size="sm" fw={500} component="div" mb={4}>
              Flow that it starts, in your name
            </Text>
            <FlowSelect value={definition.flow || undefined} onChange={(flow) => set({ flow: flow ?? '' })} placeholder="Choose a flow" />
          </div>
          <Autocomplete label="Time zone" data={zones} limit={30} value={definition.timeZone} onChange={(timeZone) => set({ timeZone })} />
          <Title order={2} size="h3" mt="xs">
            When
          </Title>
          <RuleCards
            label="Rules"
            items={definition.rules}
            titles={ruleTitles}
            add="Add a rule"
            words={preview.words}
            make={newRule}
            onChange={(rules) => set({ rules })}
            render={(rule, change) => <RuleFields rule={rule} onChange={change} />}
          />
          <DaysOffFields definition={definition} onChange={set} />
          <Title order={2} size="h3" mt="xs">
            Parameters
          </Title>
          <ParameterFields flow={definition.flow} parameters={definition.parameters} onChange={(parameters) => set({ parameters })} />
          <Title order={2} size="h3" mt="xs">
            Policies
          </Title>
          <PolicyFields policies={definition.policies} onChange={(policies) => set({ policies })} />
          {save.error && <ErrorNotice error={save.error} />}
          <Group gap="xs" mt="xs">
            <Button
              type="submit"
              loading={save.isPending}
              disabled={definition.title.trim() === '' || definition.flow === '' || name === '' || hasErrors}
              leftSection={<IconDeviceFloppy size={16} aria-hidden />}
            >
              Save
            </Button>
          </Group>
        </Stack>
      </form>
      <div className={split['side']}>
        <PreviewCard preview={preview} />
      </div>
    </div>
  );
}

function DaysOffFields({ definition, onChange }: { definition: ScheduleDefinition; onChange: (part: Partial<ScheduleDefinition>) => void }) {
  return (
    <>
      <Title order={2} size="h3" mt="xs">
        Days off and windows
      </Title>
      <CalendarInput label="Calendar" placeholder="every day is open" value={definition.calendar} onChange={(calendar) => onChange({ calendar })} />
      <RuleCards
        label="Exclusions"
        items={definition.exclusions}
        titles={exclusionTitles}
        add="Exclude days"
        make={newExclusion}
        onChange={(exclusions) => onChange({ exclusions })}
        render={(exclusion, change) => <ExclusionFields exclusion={exclusion} onChange={change} />}
      />
      <Select
        label="What falls on a day that is off"
        data={daysOff}
        value={definition.nonBusinessDay}
        onChange={(value) => value && onChange({ nonBusinessDay: value as ScheduleDefinition['nonBusinessDay'] })}
        allowDeselect={false}
      />
      <WindowFields windows={definition.windows} onChange={(windows) => onChange({ windows })} />
      <Group gap="xs" grow>
        <TextInput label="First day" type="date" value={definition.from ?? ''} onChange={(event) => onChange({ from: event.currentTarget.value || null })} />
        <TextInput label="Last day" type="date" value={definition.to ?? ''} onChange={(event) => onChange({ to: event.currentTarget.value || null })} />
      </Group>
    </>
  );
}

function useSave(schedule: Schedule | null) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: ({ slug, definition }: { slug: string; definition: ScheduleDefinition }) =>
      schedule
        ? api.call(updateSchedule, { params: { slug }, body: { ...definition, revision: schedule.revision } })
        : api.call(createSchedule, { body: { ...definition, slug } }),
    onSuccess: async (saved) => {
      announce(`The schedule ${saved.definition.title} is saved.`);
      await queries.invalidateQueries({ queryKey: ['schedules'] });
      await navigate({ to: '/schedules/$slug', params: { slug: saved.slug }, search: {} });
    },
  });
}
