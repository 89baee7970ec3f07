import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconDeviceFloppy, IconPlugConnected } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { Connection } from '@tidewheel/contract/routes/connections';
import type { ConnectorInfo } from '@tidewheel/contract/step-type';
import type { FormEvent } from 'react';
import { SchemaForm } from '../../form/SchemaForm.tsx';
import { TestReport } from '../../form/TestReport.tsx';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { announce } from '../../shared/notify.ts';
import classes from '../../shared/Split.module.css';
import { useCan } from '../../shared/session.ts';
import { SecretSource } from './SecretSource.tsx';
import { useConnectionForm } from './use-connection-form.ts';

const testWords = {
  busy: 'Connecting…',
  before: 'The test really connects, with the settings as they stand here, and says what works.',
  failed: 'The connection does not work yet',
};

/** The settings of a connection, generated from its connector's schema; its secret can be written, never read. */
export function ConnectionForm({ connector, connection }: { connector: ConnectorInfo; connection: Connection | null }) {
  const navigate = useNavigate();
  const canEdit = useCan('connection.edit', connection ? { connection: connection.slug, folder: connection.folder, type: connection.type } : undefined);
  const canGive = useCan('credential.edit');
  const form = useConnectionForm({
    connector,
    connection,
    onSaved: (saved) => {
      announce(`The connection ${saved.title} is saved.`);
      void navigate({ to: '/connections/$slug', params: { slug: saved.slug } });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void form.submit();
  };
  const hasStored = connection?.hasSecret === true && connection.credential === null;
  return (
    <div className={classes['split']}>
      <form onSubmit={submit} className={`tw-card ${classes['card']}`} noValidate>
        <Stack gap="sm">
          <div>
            <Title order={2}>{connector.title}</Title>
            <Text size="sm" c="dimmed">
              {connector.description}
            </Text>
          </div>
          <TextInput label="Title" withAsterisk value={form.title} onChange={(event) => form.setTitle(event.currentTarget.value)} disabled={!canEdit} />
          {!connection && (
            <TextInput
              label="Name"
              description="How flows name it; it cannot be changed later"
              withAsterisk
              value={form.slug}
              onChange={(event) => form.setSlug(event.currentTarget.value)}
            />
          )}
          <TextInput
            label="Folder"
            description="Where it is filed, such as finance/emir; permissions can be given by folder"
            value={form.folder}
            onChange={(event) => form.setFolder(event.currentTarget.value)}
            disabled={!canEdit}
          />
          <SchemaForm schema={connector.config} values={form.config} errors={form.errors.config} onChange={form.setConfig} disabled={!canEdit} />
          {connector.secret && (
            <>
              <Title order={3} mt="xs">
                Secret
              </Title>
              <SecretSource credential={form.credential} onChange={form.setCredential} disabled={!canEdit} />
              {form.credential === null && <OwnSecret schema={connector.secret} form={form} hasStored={hasStored} disabled={!canEdit || !canGive} />}
            </>
          )}
          {form.save.error && <ErrorNotice error={form.save.error} />}
          {canEdit && (
            <Group gap="xs" mt="xs">
              <Button
                type="submit"
                loading={form.save.isPending}
                disabled={form.title.trim() === '' || form.slug === ''}
                leftSection={<IconDeviceFloppy size={16} aria-hidden />}
              >
                Save
              </Button>
              <Button
                variant="default"
                loading={form.test.isPending}
                onClick={() => void form.tryOut()}
                leftSection={<IconPlugConnected size={16} aria-hidden />}
              >
                Test
              </Button>
            </Group>
          )}
        </Stack>
      </form>
      <TestReport test={form.test} schema={connector.config} settings={form.config} of="server" words={testWords} onPin={form.pin} />
    </div>
  );
}

interface OwnSecretProps {
  schema: NonNullable<ConnectorInfo['secret']>;
  form: ReturnType<typeof useConnectionForm>;
  hasStored: boolean;
  disabled: boolean;
}

/** The secret that belongs to this connection alone; who may edit credentials gives it. */
function OwnSecret({ schema, form, hasStored, disabled }: OwnSecretProps) {
  const explained = hasStored
    ? 'A secret is stored in the vault. Leave these fields empty to keep it.'
    : 'Kept encrypted in the vault, opened only by the step that needs it, and never shown again.';
  return (
    <>
      <Text size="sm" c="dimmed">
        {disabled ? 'Who may edit credentials gives the secret; you can use a credential.' : explained}
      </Text>
      <SchemaForm schema={schema} values={form.secret} errors={form.errors.secret} onChange={form.setSecret} keepsSecret={hasStored} disabled={disabled} />
    </>
  );
}
