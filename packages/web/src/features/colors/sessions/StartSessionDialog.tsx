import { MultiSelect, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { startColorSession } from '@tidewheel/client/routes';
import { useState } from 'react';
import { api } from '../../../shared/api.ts';
import { FormDialog } from '../../../shared/FormDialog.tsx';
import { summaryQuery } from '../buffer.queries.ts';
import { sessionsKey } from './sessions.queries.ts';

export function StartSessionDialog({ onClose, onStarted }: { onClose: () => void; onStarted: (id: string) => void }) {
  const [title, setTitle] = useState('');
  const [sources, setSources] = useState<string[]>([]);
  const queries = useQueryClient();
  const summary = useQuery(summaryQuery());
  const start = useMutation({
    mutationFn: () => api.call(startColorSession, { body: { ...(title.trim() === '' ? {} : { title }), sources } }),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: sessionsKey });
      onStarted(id);
    },
  });
  const known = (summary.data?.sources ?? []).map(({ source, rows }) => ({ value: source, label: `${source === '' ? 'Without a source' : source} (${rows})` }));
  return (
    <FormDialog title="Start a session" action="Start" mutation={start} onClose={onClose}>
      <Text size="sm">
        {summary.data ? `${summary.data.free} colors wait.` : ''} The session takes them, ranked by the rules of the desk; until it is processed or discarded no
        run gets them.
      </Text>
      <TextInput
        label="Name"
        placeholder="Colors of today"
        maxLength={100}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
        data-autofocus
      />
      <MultiSelect
        label="Only from these sources"
        placeholder={sources.length === 0 ? 'All' : ''}
        data={known}
        value={sources}
        onChange={setSources}
        clearable
      />
    </FormDialog>
  );
}
