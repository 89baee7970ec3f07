import { Button, Group, MultiSelect, SegmentedControl, Select, Stack, TagsInput, Textarea, TextInput, Title } from '@mantine/core';
import { IconDeviceFloppy, IconPlugConnected } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { TransportInfo } from '@tidewheel/contract/routes/targets';
import type { TargetDetail, TargetSystem } from '@tidewheel/contract/target';
import type { FormEvent } from 'react';
import { CredentialInput } from '../../form/CredentialInput.tsx';
import { SchemaForm } from '../../form/SchemaForm.tsx';
import { TargetInput } from '../../form/TargetInput.tsx';
import { TestReport } from '../../form/TestReport.tsx';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import classes from '../../shared/Split.module.css';
import { useCan } from '../../shared/session.ts';
import { groupChoicesQuery } from './targets.queries.ts';
import { useTargetForm, usualTransport } from './use-target-form.ts';

interface TargetFormProps {
  target: TargetDetail | null;
  transports: readonly TransportInfo[];
  onSaved: (saved: TargetDetail) => void;
}

type Form = ReturnType<typeof useTargetForm>;

const testWords = {
  busy: 'Connecting…',
  before: 'The test really signs in, with the settings as they stand here, and says which part works.',
  failed: 'The host cannot be used yet',
};

/** Everything that people set of a host, with a test of what stands there. */
export function TargetForm({ target, transports, onSaved }: TargetFormProps) {
  const canEdit = useCan('target.edit', target ? { target: target.name, os: target.os, category: target.category } : undefined);
  const form = useTargetForm({ target, transports, onSaved });
  const { fields, set } = form;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void form.submit();
  };
  return (
    <div className={classes['split']}>
      <form onSubmit={submit} className={`tw-card ${classes['card']}`} noValidate>
        <fieldset disabled={!canEdit} style={{ border: 0, padding: 0, margin: 0 }}>
          <Stack gap="sm">
            {!target && (
              <TextInput
                label="Name"
                description="How flows name it, as web01.example.com; it cannot be changed later"
                withAsterisk
                value={fields.name}
                onChange={(event) => set({ name: event.currentTarget.value })}
              />
            )}
            <TextInput
              label="Title"
              description="What people see; its name when empty"
              value={fields.title}
              onChange={(event) => set({ title: event.currentTarget.value })}
            />
            <ReachFields form={form} transports={transports} />
            <KnownFields form={form} />
            {form.save.error && <ErrorNotice error={form.save.error} />}
            {canEdit && (
              <Group gap="xs" mt="xs">
                <Button
                  type="submit"
                  loading={form.save.isPending}
                  disabled={fields.name.trim() === ''}
                  leftSection={<IconDeviceFloppy size={16} aria-hidden />}
                >
                  Save
                </Button>
                <Button
                  variant="default"
                  loading={form.test.isPending}
                  onClick={() => void form.tryOut()}
                  disabled={fields.address.trim() === '' && fields.name.trim() === ''}
                  leftSection={<IconPlugConnected size={16} aria-hidden />}
                >
                  {target ? 'Test these settings' : 'Test'}
                </Button>
              </Group>
            )}
          </Stack>
        </fieldset>
      </form>
      <TestReport
        test={form.test}
        of="host"
        words={testWords}
        schema={form.transport?.settings ?? {}}
        settings={fields.settings}
        onPin={(settings) => set({ settings: { ...fields.settings, ...settings } })}
      />
    </div>
  );
}

/** Where it is and how to sign in. */
function ReachFields({ form: { fields, set, errors, transport }, transports }: { form: Form; transports: readonly TransportInfo[] }) {
  const kinds = transports.filter(({ os }) => os.includes(fields.os)).map(({ kind, title }) => ({ value: kind, label: title }));
  return (
    <>
      <Title order={2} mt="xs">
        How it is reached
      </Title>
      <SegmentedControl
        aria-label="Operating system"
        data={[
          { value: 'linux', label: 'Linux' },
          { value: 'windows', label: 'Windows' },
        ]}
        value={fields.os}
        onChange={(os) => set({ os: os as TargetSystem, transport: usualTransport(transports, os as TargetSystem), settings: {} })}
        style={{ alignSelf: 'flex-start' }}
      />
      <TextInput
        label="Address"
        description="Host name or IP address, without scheme and port; its name when empty"
        value={fields.address}
        onChange={(event) => set({ address: event.currentTarget.value })}
      />
      <Select label="Transport" data={kinds} value={fields.transport} allowDeselect={false} onChange={(kind) => set({ transport: kind ?? '', settings: {} })} />
      <CredentialInput
        label="Credential"
        description="What it signs in with; it goes only where its keepers allow."
        value={fields.credential}
        onChange={(credential) => set({ credential })}
        types={transport?.credentialTypes}
      />
      {transport?.takesVia && (
        <TargetInput label="Through" description="Another host to reach it through; empty for none" value={fields.via} onChange={(via) => set({ via })} />
      )}
      {transport && <SchemaForm schema={transport.settings} values={fields.settings} errors={errors} onChange={(settings) => set({ settings })} />}
    </>
  );
}

/** What is known of it and by what it is found. */
function KnownFields({ form: { fields, set } }: { form: Form }) {
  const groups = (useQuery(groupChoicesQuery).data?.items ?? [])
    .filter(({ query }) => query === null)
    .map(({ slug, title }) => ({ value: slug, label: title }));
  return (
    <>
      <Title order={2} mt="xs">
        What is known of it
      </Title>
      <TagsInput label="Tags" placeholder="Type and press Enter" value={fields.tags} onChange={(tags) => set({ tags })} />
      <MultiSelect
        label="Groups"
        description="Those with a list of hosts"
        data={groups}
        value={fields.groups}
        onChange={(value) => set({ groups: value })}
        searchable
      />
      <TextInput
        label="Category"
        description="Such as production/web; permissions can be given by it"
        value={fields.category}
        onChange={(event) => set({ category: event.currentTarget.value })}
      />
      <TagsInput
        label="Depends on"
        description="Hosts that must work before it"
        placeholder="Type the name of a host and press Enter"
        value={fields.dependsOn}
        onChange={(dependsOn) => set({ dependsOn })}
      />
      <Textarea
        label="Facts"
        description="One on each line, as rack: B7; conditions ask for them as target.facts.rack"
        autosize
        minRows={2}
        maxRows={10}
        value={fields.facts}
        onChange={(event) => set({ facts: event.currentTarget.value })}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
      <Textarea
        label="Description"
        autosize
        minRows={2}
        maxRows={8}
        value={fields.description}
        onChange={(event) => set({ description: event.currentTarget.value })}
      />
    </>
  );
}
