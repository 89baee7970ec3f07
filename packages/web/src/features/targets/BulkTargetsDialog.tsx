import { Alert, MultiSelect, Select, TagsInput, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { changeTargets } from '@tidewheel/client/routes';
import type { TargetAction } from '@tidewheel/contract/routes/target-operations';
import type { TargetChoice } from '@tidewheel/contract/target';
import { useState } from 'react';
import { utcInstant } from '../../form/local-instant.ts';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { announce } from '../../shared/notify.ts';
import { groupChoicesQuery } from './targets.queries.ts';

const kinds = [
  { value: 'tag', label: 'Tags' },
  { value: 'group', label: 'Groups' },
  { value: 'category', label: 'Category' },
  { value: 'startMaintenance', label: 'Start maintenance' },
  { value: 'endMaintenance', label: 'End maintenance' },
  { value: 'archive', label: 'Archive' },
] as const;
type Kind = (typeof kinds)[number]['value'];

interface BulkTargetsDialogProps {
  choice: TargetChoice;
  which: string;
  onClose: () => void;
  onDone: () => void;
}

/** The same done to many hosts: what it would change is shown first. */
export function BulkTargetsDialog({ choice, which, onClose, onDone }: BulkTargetsDialogProps) {
  const queries = useQueryClient();
  const [kind, setKind] = useState<Kind>('tag');
  const [add, setAdd] = useState<string[]>([]);
  const [remove, setRemove] = useState<string[]>([]);
  const [category, setCategory] = useState('');
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState('');
  const groups = (useQuery(groupChoicesQuery).data?.items ?? [])
    .filter(({ query }) => query === null)
    .map(({ slug, title }) => ({ value: slug, label: title }));
  const action = actionOf({ kind, add, remove, category, reason, until });
  const preview = useQuery({
    queryKey: ['targets', 'bulk', choice, action],
    queryFn: () => api.call(changeTargets, { body: { choice, action: action as TargetAction, dryRun: true } }),
    enabled: action !== null,
    gcTime: 0,
    retry: false,
  });
  const change = useMutation({
    mutationFn: () => api.call(changeTargets, { body: { choice, action: action as TargetAction } }),
    onSuccess: async (result) => {
      await queries.invalidateQueries({ queryKey: ['targets'] });
      announce(`${result.changed} ${result.changed === 1 ? 'host is' : 'hosts are'} changed.`);
      onDone();
      onClose();
    },
  });
  return (
    <FormDialog
      title={`Change ${which}`}
      onClose={onClose}
      mutation={change}
      action={preview.data ? `Change ${preview.data.changed}` : 'Change'}
      disabled={!preview.data || preview.data.changed === 0}
      isDanger={kind === 'archive'}
    >
      <Select
        label="What"
        data={[...kinds]}
        value={kind}
        allowDeselect={false}
        onChange={(value) => {
          setKind(value as Kind);
          setAdd([]);
          setRemove([]);
        }}
      />
      {kind === 'tag' && (
        <>
          <TagsInput label="Tags to give" placeholder="Type and press Enter" value={add} onChange={setAdd} />
          <TagsInput label="Tags to take away" placeholder="Type and press Enter" value={remove} onChange={setRemove} />
        </>
      )}
      {kind === 'group' && (
        <>
          <MultiSelect label="Groups to put them into" data={groups} value={add} onChange={setAdd} searchable />
          <MultiSelect label="Groups to take them out of" data={groups} value={remove} onChange={setRemove} searchable />
        </>
      )}
      {kind === 'category' && (
        <TextInput
          label="Category"
          description="Such as production/web; empty for none"
          value={category}
          onChange={(event) => setCategory(event.currentTarget.value)}
        />
      )}
      {kind === 'startMaintenance' && (
        <>
          <TextInput label="Reason" withAsterisk value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
          <TextInput
            type="datetime-local"
            label="Until"
            description="Empty: until somebody ends it"
            value={until}
            onChange={(event) => setUntil(event.currentTarget.value)}
          />
        </>
      )}
      {preview.error && <ErrorNotice error={preview.error} />}
      {preview.data && (
        <Alert variant="light" title={`${preview.data.changed} of ${preview.data.chosen} hosts change`}>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {preview.data.names.slice(0, 30).join(', ')}
            {preview.data.changed > 30 && ` and ${preview.data.changed - 30} more`}
          </Text>
          {preview.data.refused.slice(0, 10).map(({ name, reason: why }) => (
            <Text key={name} size="sm">
              {name} stays as it is: {why}
            </Text>
          ))}
        </Alert>
      )}
    </FormDialog>
  );
}

interface Given {
  kind: Kind;
  add: string[];
  remove: string[];
  category: string;
  reason: string;
  until: string;
}

/** Null while something is missing. */
function actionOf({ kind, add, remove, category, reason, until }: Given): TargetAction | null {
  switch (kind) {
    case 'tag':
    case 'group':
      return add.length + remove.length > 0 ? { do: kind, add, remove } : null;
    case 'category':
      return { do: kind, category: category.trim() || null };
    case 'startMaintenance':
      return reason.trim() === '' ? null : { do: kind, maintenance: { reason, until: utcInstant(until) ?? null } };
    default:
      return { do: kind };
  }
}
