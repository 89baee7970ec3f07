import { Button, Text, TextInput, Title } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { Connection } from '@tidewheel/contract/routes/connections';
import type { ConnectorInfo } from '@tidewheel/contract/step-type';
import { SchemaForm } from '../../form/SchemaForm.tsx';
import { SettingsForm } from '../../form/SettingsForm.tsx';
import { TestReport } from '../../form/TestReport.tsx';
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
  const hasStored = connection?.hasSecret === true && connection.credential === null;
  return (
    <div className={classes['split']}>
      <SettingsForm
        kind={connector}
        form={form}
        nameFor={connection ? null : 'How flows name it'}
        canEdit={canEdit}
        actions={
          <Button variant="default" loading={form.test.isPending} onClick={() => void form.tryOut()} leftSection={<IconPlugConnected size={16} aria-hidden />}>
            Test
          </Button>
        }
      >
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
      </SettingsForm>
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
