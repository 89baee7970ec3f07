import { PasswordInput, Radio, Select, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { createBackup } from '@tidewheel/client/routes';
import type { BackupScope } from '@tidewheel/contract/backup';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { leftOutWords } from './backup-words.ts';
import { backupsKey, placesQuery } from './backups.queries.ts';

const shortest = 12;

/** What of, where to, and whether only a passphrase opens it. */
export function NewBackupDialog({ onClose, onMade }: { onClose: () => void; onMade: (backup: number) => void }) {
  const queries = useQueryClient();
  const places = useQuery(placesQuery);
  const [scope, setScope] = useState<BackupScope>('workspace');
  const [title, setTitle] = useState('');
  const [connection, setConnection] = useState<string | null>(null);
  const [path, setPath] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const make = useMutation({
    mutationFn: () => {
      const place = connection === null ? {} : { place: { connection, path } };
      return api.call(createBackup, { body: { scope, ...place, ...(title.trim() === '' ? {} : { title }), ...(passphrase === '' ? {} : { passphrase }) } });
    },
    onSuccess: async ({ number }) => {
      await queries.invalidateQueries({ queryKey: backupsKey });
      onMade(number);
    },
  });
  const isTooShort = passphrase !== '' && passphrase.length < shortest;
  return (
    <FormDialog title="Make a backup" onClose={onClose} mutation={make} action="Make it" disabled={isTooShort}>
      <Radio.Group label="What" value={scope} onChange={(value) => setScope(value === 'desk' ? 'desk' : 'workspace')}>
        <Stack gap={6} mt={4}>
          <Radio
            value="workspace"
            label="The whole workspace"
            description={`What people set up, and the color desk with its runs. Not in it: ${leftOutWords.workspace}.`}
          />
          <Radio
            value="desk"
            label="The color desk"
            description={`Its rules, columns, colors and files, with its flows and their ended runs. Not in it: ${leftOutWords.desk}.`}
          />
        </Stack>
      </Radio.Group>
      <TextInput label="Title" placeholder="Before the new rules" value={title} maxLength={200} onChange={(event) => setTitle(event.currentTarget.value)} />
      <Select
        label="Where to"
        placeholder="Kept by this server"
        clearable
        data={(places.data ?? []).map(({ slug, title: name, type }) => ({ value: slug, label: `${name} (${type})` }))}
        value={connection}
        onChange={setConnection}
      />
      {connection !== null && <TextInput label="Folder there" placeholder="backups" value={path} onChange={(event) => setPath(event.currentTarget.value)} />}
      <PasswordInput
        label="Passphrase"
        description="Encrypts the file. It is kept nowhere: without it nobody can restore this backup."
        autoComplete="new-password"
        value={passphrase}
        onChange={(event) => setPassphrase(event.currentTarget.value)}
        error={isTooShort ? `At least ${shortest} characters` : null}
      />
    </FormDialog>
  );
}
