import { MultiSelect, Select, TagsInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { changeTargets } from '@tidewheel/client/routes';
import type { TargetAction } from '@tidewheel/contract/routes/target-operations';
import type { TargetChoice } from '@tidewheel/contract/target';
import { useState } from 'react';
import { utcInstant } from '../../form/local-instant.ts';
import { api } from '../../shared/api.ts';
import { BulkPreview } from '../../shared/bulk/BulkPreview.tsx';
import { useBulk } from '../../shared/bulk/use-bulk.ts';
import { FormDialog } from '../../shared/FormDialog.tsx';
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
  const { preview, change } = useBulk({
    key: 'targets',
    one: 'host',
    many: 'hosts',
    body: action && { choice, action },
    call: (body) => api.call(changeTargets, { body }),
    onDone: () => {
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
      <BulkPreview preview={preview.data} error={preview.error} many="hosts" />
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
