import { Button, FileButton, Group, Modal, Text, Textarea } from '@mantine/core';
import { IconFileExport, IconFileImport } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { exportFlows, importFlows } from '@tidewheel/client/routes';
import type { ImportedFlow } from '@tidewheel/contract/routes/flow-versions';
import type { FlowSummary } from '@tidewheel/contract/routes/flows';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { DataTable, type TableColumn } from '../../shared/DataTable.tsx';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { announce } from '../../shared/notify.ts';

/** Flows out of and into one YAML text: what the list shows goes out. */
export function FlowTransfer({ canEdit, folder, kind }: { canEdit: boolean; folder: string | undefined; kind: FlowSummary['kind'] | undefined }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        component="a"
        variant="default"
        href={api.addressOf(exportFlows, { query: { folder, kind } })}
        download="flows.yaml"
        leftSection={<IconFileExport size={16} aria-hidden />}
      >
        Export
      </Button>
      {canEdit && (
        <Button variant="default" leftSection={<IconFileImport size={16} aria-hidden />} onClick={() => setOpen(true)}>
          Import
        </Button>
      )}
      {isOpen && <ImportDialog onClose={() => setOpen(false)} />}
    </>
  );
}

const columns: TableColumn<ImportedFlow>[] = [
  { key: 'flow', title: 'Flow', isHead: true, render: ({ flow, line }) => flow ?? `line ${line}` },
  { key: 'outcome', title: 'Outcome', render: ({ outcome }) => <span style={outcome === 'refused' ? { color: 'var(--tw-fail)' } : undefined}>{outcome}</span> },
  { key: 'version', title: 'Version', align: 'right', render: ({ version }) => version },
  { key: 'what', title: 'What', render: (one) => whatOf(one) },
];

function whatOf({ reason, faults, changes }: ImportedFlow): string {
  const [fault] = faults;
  if (reason !== null) return fault ? `${fault.line === undefined ? '' : `Line ${fault.line}: `}${fault.path} ${fault.message}` : reason;
  if (!changes) return '';
  const parts = [
    ...changes.document.map(({ path }) => path),
    ...changes.parameters.map(({ name }) => name),
    ...changes.steps.map(({ kind, step }) => `${step} ${kind}`),
  ];
  return parts.length === 0 ? 'the text only' : parts.join(', ');
}

/** First it is told what would happen, then it is done: all or nothing. */
function ImportDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const [source, setSource] = useState('');
  const look = useMutation({ mutationFn: () => api.call(importFlows, { body: { source, dryRun: true } }) });
  const keep = useMutation({
    mutationFn: () => api.call(importFlows, { body: { source, dryRun: false } }),
    onSuccess: async ({ flows }) => {
      const count = flows.filter(({ outcome }) => outcome !== 'unchanged').length;
      announce(count === 1 ? 'One flow is imported.' : `${count} flows are imported.`);
      await queries.invalidateQueries({ queryKey: ['flows'] });
      onClose();
    },
  });
  const change = (text: string) => {
    look.reset();
    keep.reset();
    setSource(text);
  };
  const plan = look.data?.flows;
  const isRefused = plan?.some(({ outcome }) => outcome === 'refused') ?? false;
  return (
    <Modal opened onClose={onClose} title="Import flows" size="xl">
      <Group gap="xs" mb="xs">
        <FileButton accept=".yaml,.yml,.json,text/yaml" onChange={(file) => void file?.text().then(change)}>
          {(props) => (
            <Button {...props} size="xs" variant="default" leftSection={<IconFileImport size={15} aria-hidden />}>
              Choose a file
            </Button>
          )}
        </FileButton>
        <Text size="xs" c="dimmed">
          or paste YAML documents, divided by lines of ---
        </Text>
      </Group>
      <Textarea
        aria-label="YAML documents"
        autosize
        minRows={6}
        maxRows={14}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12.5 } }}
        value={source}
        onChange={(event) => change(event.currentTarget.value)}
      />
      {plan && (
        <div style={{ marginTop: 12 }}>
          <DataTable label="What would happen" columns={columns} rows={plan} rowKey={({ line }) => String(line)} />
        </div>
      )}
      {(keep.error ?? look.error) && <ErrorNotice error={(keep.error ?? look.error) as Error} />}
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button variant={plan ? 'default' : 'filled'} disabled={source.trim() === ''} loading={look.isPending} onClick={() => look.mutate()}>
          Check
        </Button>
        {plan && (
          <Button disabled={isRefused} title={isRefused ? 'Correct what is refused first' : undefined} loading={keep.isPending} onClick={() => keep.mutate()}>
            Import
          </Button>
        )}
      </Group>
    </Modal>
  );
}
