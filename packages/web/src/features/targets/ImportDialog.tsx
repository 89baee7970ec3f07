import { Alert, FileInput, Group, NativeSelect, SegmentedControl, Select, Stack, Switch, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { importTargets } from '@tidewheel/client/routes';
import { type ImportResult, importFields } from '@tidewheel/contract/routes/target-operations';
import { useState } from 'react';
import { CredentialInput } from '../../form/CredentialInput.tsx';
import { api } from '../../shared/api.ts';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { formatCount } from '../../shared/format.ts';
import { announce } from '../../shared/notify.ts';

const leaveOut = 'Leave out';

/** From a file or a pasted text: first what it would do, then doing it. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const [format, setFormat] = useState<'csv' | 'ansible'>('csv');
  const [text, setText] = useState('');
  const [columns, setColumns] = useState<Record<string, string>>({});
  const [credential, setCredential] = useState<string | null>(null);
  const [os, setOs] = useState<string | null>('linux');
  const [isKeeping, setKeeping] = useState(false);
  const [isSkipping, setSkipping] = useState(false);
  const body = {
    format,
    text,
    ...(format === 'csv' && Object.keys(columns).length > 0 ? { columns } : {}),
    defaults: { ...(os === null ? {} : { os: os as 'linux' | 'windows' }), ...(credential === null ? {} : { credential }) },
    existing: isKeeping ? ('keep' as const) : ('update' as const),
    onFaults: isSkipping ? ('skip' as const) : ('stop' as const),
  };
  const asked = JSON.stringify(body);
  const [shown, setShown] = useState<{ of: string; result: ImportResult } | null>(null);
  const isShown = shown?.of === asked;
  const run = useMutation({
    mutationFn: async () => {
      const result = await api.call(importTargets, { body: { ...body, dryRun: !isShown } });
      if (!isShown) return setShown({ of: asked, result });
      await queries.invalidateQueries({ queryKey: ['targets'] });
      announce(`${result.created} hosts are added, ${result.updated} changed.`);
      onClose();
    },
  });
  const read = async (file: File | null) => {
    if (!file) return;
    setColumns({});
    setText(await file.text());
    setFormat(/\.(csv|tsv)$/i.test(file.name) ? 'csv' : 'ansible');
  };
  const isStopped = isShown && !isSkipping && (shown?.result.faultCount ?? 0) > 0;
  return (
    <FormDialog
      title="Import hosts"
      size="xl"
      onClose={onClose}
      mutation={run}
      action={isShown ? 'Import' : 'Show what it would do'}
      disabled={text.trim() === '' || isStopped}
      closeOnClickOutside={false}
      {...(isStopped ? { note: 'Mend the lines, or import the others.' } : {})}
    >
      <SegmentedControl
        aria-label="Format"
        data={[
          { value: 'csv', label: 'CSV' },
          { value: 'ansible', label: 'Ansible inventory' },
        ]}
        value={format}
        onChange={(value) => setFormat(value as 'csv' | 'ansible')}
        style={{ alignSelf: 'flex-start' }}
      />
      <FileInput label="File" placeholder="Choose a file" onChange={(file) => void read(file)} clearable />
      <Textarea
        label="Or paste it"
        placeholder={format === 'csv' ? 'name,address,os,tags\nweb01.example.com,10.20.0.7,linux,web' : '[web]\nweb[01:50].example.com ansible_port=2222'}
        minRows={4}
        maxRows={10}
        autosize
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
      <Group grow align="flex-start">
        <Select label="System of new hosts that do not say" data={['linux', 'windows']} value={os} onChange={setOs} clearable />
        <CredentialInput label="Credential of new hosts that do not say" value={credential} onChange={setCredential} />
      </Group>
      <Switch label="Leave hosts that are there alone" checked={isKeeping} onChange={(event) => setKeeping(event.currentTarget.checked)} />
      <Switch label="Import the other lines when some have faults" checked={isSkipping} onChange={(event) => setSkipping(event.currentTarget.checked)} />
      {shown && <Outcome result={shown.result} columns={columns} onColumn={(column, field) => setColumns((old) => ({ ...old, [column]: field }))} />}
    </FormDialog>
  );
}

interface OutcomeProps {
  result: ImportResult;
  columns: Record<string, string>;
  onColumn: (column: string, field: string) => void;
}

function Outcome({ result, columns, onColumn }: OutcomeProps) {
  const fields = [leaveOut, ...importFields, 'settings.port'];
  return (
    <Stack gap="xs" aria-live="polite">
      {result.columns.map(({ column, field }) => {
        const value = columns[column] ?? field ?? '';
        return (
          <Group key={column} gap="xs" justify="space-between">
            <Text size="sm">{column}</Text>
            <NativeSelect
              size="xs"
              aria-label={`What ${column} is taken as`}
              data={value === '' || fields.includes(value) ? fields : [...fields, value]}
              value={value || leaveOut}
              onChange={(event) => onColumn(column, event.currentTarget.value === leaveOut ? '' : event.currentTarget.value)}
            />
          </Group>
        );
      })}
      <Alert
        variant="light"
        {...(result.faultCount > 0 ? { color: 'orange' } : {})}
        title={`${formatCount(result.created)} new, ${formatCount(result.updated)} changed, ${formatCount(result.unchanged)} stay, ${formatCount(result.faultCount)} faults`}
      >
        {result.newGroups.length > 0 && <Text size="sm">New groups: {result.newGroups.join(', ')}</Text>}
        {result.notes.map((note) => (
          <Text key={note} size="sm">
            {note}
          </Text>
        ))}
        {result.faults.slice(0, 50).map(({ line, message, hint }) => (
          <Text key={`${line} ${message}`} size="sm">
            Line {line}: {message} {hint}
          </Text>
        ))}
        {result.hosts
          .filter(({ what }) => what !== 'unchanged')
          .slice(0, 50)
          .map(({ name, what, changes }) => (
            <Text key={name} size="sm">
              {name}: {what === 'created' ? 'new' : 'changed'}
              {changes.length > 0 && ` (${changes.join(', ')})`}
            </Text>
          ))}
      </Alert>
    </Stack>
  );
}
