import { Group, MultiSelect, Select, Switch, TagsInput, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { savePreferences } from '@tidewheel/client/routes';
import { builtInChannels, type NotificationPreferences } from '@tidewheel/contract/notify';
import { useMemo, useState } from 'react';
import { api } from '../../../shared/api.ts';
import { Loaded } from '../../../shared/Loaded.tsx';
import { announce } from '../../../shared/notify.ts';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { SubmitForm } from '../../../shared/SubmitForm.tsx';
import { useCan } from '../../../shared/session.ts';
import { channelsQuery, preferencesQuery } from '../notifications.queries.ts';
import { useFlowNames } from '../use-flow-names.ts';

/** How I want to be told in this workspace. */
export function PreferencesPage() {
  const query = useQuery(preferencesQuery);
  return (
    <>
      <PageHeader title="How I am told" above={<Link to="/profile">My profile</Link>} />
      <section className="tw-card" style={{ padding: 16, maxWidth: 760 }}>
        <Loaded query={query}>{(found) => <PreferencesForm found={found} />}</Loaded>
      </section>
    </>
  );
}

const outcomes = [
  { value: 'failure', label: 'Failures alone' },
  { value: 'success', label: 'Successes alone' },
  { value: 'all', label: 'Every end' },
];
const digests = [
  { value: 'off', label: 'None: each message by itself' },
  { value: 'hourly', label: 'One message every hour' },
  { value: 'daily', label: 'One message a day' },
];

function PreferencesForm({ found }: { found: NotificationPreferences }) {
  const queries = useQueryClient();
  const [wanted, setWanted] = useState(found);
  const set = (part: Partial<NotificationPreferences>) => setWanted((old) => ({ ...old, ...part }));
  const flows = useFlowNames();
  const zones = useMemo(() => [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])], []);
  const save = useMutation({
    mutationFn: () => api.call(savePreferences, { body: wanted }),
    onSuccess: (saved) => {
      queries.setQueryData(preferencesQuery.queryKey, saved);
      announce('Saved how you are told.');
    },
  });
  const quiet = wanted.quietHours;
  return (
    <SubmitForm mutation={save} action="Save" side="left">
      <Switch label="Tell me of what happens" checked={wanted.enabled} onChange={(event) => set({ enabled: event.currentTarget.checked })} />
      <Select
        label="Ends of runs"
        description="Of runs that I started and flows that I own, and wherever a rule names me"
        data={outcomes}
        value={wanted.outcomes}
        allowDeselect={false}
        onChange={(value) => set({ outcomes: (value ?? 'failure') as NotificationPreferences['outcomes'] })}
      />
      <TagsInput
        label="Flows that I watch"
        description="I am told of every end of theirs"
        data={flows}
        value={wanted.watch}
        onChange={(watch) => set({ watch })}
      />
      <TagsInput label="Flows that I mute" description="I am told nothing of them" data={flows} value={wanted.mute} onChange={(mute) => set({ mute })} />
      <MutedChannels value={wanted.mutedChannels} onChange={(mutedChannels) => set({ mutedChannels })} />
      <Select
        label="My time zone"
        data={zones}
        searchable
        value={wanted.timeZone}
        allowDeselect={false}
        onChange={(timeZone) => set({ timeZone: timeZone ?? 'UTC' })}
      />
      <div>
        <Switch
          label="Quiet hours"
          checked={quiet !== null}
          onChange={(event) => set({ quietHours: event.currentTarget.checked ? { from: '22:00', to: '07:00' } : null })}
        />
        <Text size="xs" c="dimmed" mt={4}>
          What comes in them is sent when they end; nothing is dropped. The list behind the bell shows it at once.
        </Text>
        {quiet && (
          <Group gap="sm" mt="xs">
            <TextInput label="From" type="time" value={quiet.from} onChange={(event) => set({ quietHours: { ...quiet, from: event.currentTarget.value } })} />
            <TextInput label="To" type="time" value={quiet.to} onChange={(event) => set({ quietHours: { ...quiet, to: event.currentTarget.value } })} />
          </Group>
        )}
      </div>
      <Group gap="sm" align="flex-end">
        <Select
          label="Digest"
          w={280}
          data={digests}
          value={wanted.digest}
          allowDeselect={false}
          onChange={(value) => set({ digest: (value ?? 'off') as NotificationPreferences['digest'] })}
        />
        {wanted.digest === 'daily' && (
          <TextInput label="At" type="time" value={wanted.digestAt} onChange={(event) => set({ digestAt: event.currentTarget.value })} />
        )}
      </Group>
      <Switch
        label="What is critical comes at once"
        description="Neither quiet hours nor a digest hold it back"
        checked={wanted.criticalAtOnce}
        onChange={(event) => set({ criticalAtOnce: event.currentTarget.checked })}
      />
    </SubmitForm>
  );
}

function MutedChannels({ value, onChange }: { value: string[]; onChange: (value: string[]) => void }) {
  const canRead = useCan('channel.read');
  const channels = useQuery({ ...channelsQuery, enabled: canRead }).data;
  const standing = builtInChannels.map((slug) => ({ value: slug, label: slug === 'email' ? 'E-mail' : 'In the pages' }));
  const people = channels?.filter((channel) => channel.reaches === 'people').map((channel) => ({ value: channel.slug, label: channel.title }));
  return <MultiSelect label="Channels that I do not want" data={people ?? standing} value={value} onChange={onChange} clearable />;
}
