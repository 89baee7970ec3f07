import { Checkbox, Group, MultiSelect, NumberInput, Select, TagsInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { engineKinds, type Severity, severities } from '@tidewheel/contract/notification';
import type { RuleContent, RuleMatch, RuleRecipients } from '@tidewheel/contract/notify';
import { useRoleChoices } from '../../shared/roles.ts';
import { channelsQuery, teamsQuery, templatesQuery } from './notifications.queries.ts';
import { useFlowNames } from './use-flow-names.ts';

const kindsOfFlows = ['pipeline', 'report', 'job', 'color'];

/** All that is given must fit. */
export function MatchFields({ match, onChange }: { match: RuleMatch; onChange: (match: RuleMatch) => void }) {
  const flows = useFlowNames();
  const set = (part: { [K in keyof RuleMatch]?: RuleMatch[K] | undefined }) => onChange(withoutUndefined({ ...match, ...part }) as RuleMatch);
  const number = (value: string | number) => (value === '' ? undefined : Number(value));
  return (
    <>
      <TagsInput
        label="Kinds of events"
        description="run.failed, run.*; none: any"
        data={['run.*', ...engineKinds]}
        value={match.kinds}
        onChange={(kinds) => set({ kinds })}
      />
      <Group grow align="flex-start">
        <TagsInput label="Flows" description="Names, or a prefix with *" data={flows} value={match.flows} onChange={(names) => set({ flows: names })} />
        <TagsInput label="Folders" description="And those below" value={match.folders} onChange={(folders) => set({ folders })} />
      </Group>
      <Group grow align="flex-start">
        <MultiSelect
          label="Kinds of flows"
          data={kindsOfFlows}
          value={match.flowKinds}
          onChange={(flowKinds) => set({ flowKinds: flowKinds as RuleMatch['flowKinds'] })}
        />
        <Select
          label="At least"
          placeholder="Any severity"
          clearable
          data={[...severities]}
          value={match.minSeverity ?? null}
          onChange={(value) => set({ minSeverity: (value ?? undefined) as Severity | undefined })}
        />
      </Group>
      <Group grow align="flex-start">
        <TagsInput label="Owners of the flow" value={match.owners} onChange={(owners) => set({ owners })} />
        <TagsInput label="Started by" value={match.startedBy} onChange={(startedBy) => set({ startedBy })} />
      </Group>
      <Group grow align="flex-start">
        <NumberInput
          label="Longer than (s)"
          min={1}
          value={match.durationOverSeconds ?? ''}
          onChange={(value) => set({ durationOverSeconds: number(value) })}
        />
        <NumberInput
          label="Times the usual duration"
          min={1}
          value={match.durationTimesUsual ?? ''}
          onChange={(value) => set({ durationTimesUsual: number(value) })}
        />
      </Group>
      <Group grow align="flex-start">
        <TextInput
          label="Error message"
          description="RE2 regular expression"
          value={match.errorPattern ?? ''}
          onChange={(event) => set({ errorPattern: event.currentTarget.value || undefined })}
        />
        <TagsInput label="Error codes" description="egress.*" value={match.errorCodes} onChange={(errorCodes) => set({ errorCodes })} />
      </Group>
    </>
  );
}

function withoutUndefined(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

const relations = [
  ['starter', 'Who started the run'],
  ['owner', 'Who owns the flow, or saved the search'],
  ['watchers', 'Who watches the flow'],
  ['approvers', 'Who may decide on the approval'],
] as const;

export function RecipientFields({ to, onChange }: { to: RuleRecipients; onChange: (to: RuleRecipients) => void }) {
  const roles = useRoleChoices();
  const teams = useQuery(teamsQuery).data ?? [];
  const set = (part: Partial<RuleRecipients>) => onChange({ ...to, ...part });
  return (
    <>
      <Group gap="md">
        {relations.map(([name, label]) => (
          <Checkbox key={name} label={label} checked={to[name]} onChange={(event) => set({ [name]: event.currentTarget.checked })} />
        ))}
      </Group>
      <Group grow align="flex-start">
        <MultiSelect label="Roles" data={roles} value={to.roles} onChange={(names) => set({ roles: names })} />
        <MultiSelect
          label="Teams"
          data={teams.map(({ slug, content }) => ({ value: slug, label: content.title }))}
          value={to.teams}
          onChange={(names) => set({ teams: names })}
        />
      </Group>
      <Group grow align="flex-start">
        <TagsInput label="People" description="E-mail addresses of members" value={to.people} onChange={(people) => set({ people })} />
        <TagsInput label="Other addresses" description="Of who has no account" value={to.addresses} onChange={(addresses) => set({ addresses })} />
      </Group>
    </>
  );
}

export function HowFields({ content, onChange }: { content: RuleContent; onChange: (part: Partial<RuleContent>) => void }) {
  const channels = useQuery(channelsQuery).data ?? [];
  const templates = useQuery(templatesQuery).data ?? [];
  return (
    <>
      <MultiSelect
        label="Channels"
        withAsterisk
        data={channels.map(({ slug, title }) => ({ value: slug, label: title }))}
        value={content.channels}
        onChange={(names) => onChange({ channels: names })}
      />
      <Group grow align="flex-start">
        <Select
          label="Template"
          placeholder="The one for the kind"
          clearable
          data={templates.map(({ slug, content: { title } }) => ({ value: slug, label: title }))}
          value={content.template}
          onChange={(template) => onChange({ template })}
        />
        <Select
          label="Told as"
          placeholder="As the event says"
          clearable
          data={[...severities]}
          value={content.severity ?? null}
          onChange={(value) => onChange({ severity: (value ?? undefined) as Severity })}
        />
      </Group>
      <Group grow align="flex-start">
        <NumberInput
          label="Fold what is alike within (min)"
          min={0}
          max={1_440}
          value={content.groupMinutes}
          onChange={(value) => onChange({ groupMinutes: Number(value) || 0 })}
        />
        <NumberInput label="At most in an hour" min={1} max={10_000} value={content.perHour} onChange={(value) => onChange({ perHour: Number(value) || 1 })} />
      </Group>
      <Checkbox
        label="Critical work: also to who muted the flow"
        checked={content.evenMuted}
        onChange={(event) => onChange({ evenMuted: event.currentTarget.checked })}
      />
    </>
  );
}
