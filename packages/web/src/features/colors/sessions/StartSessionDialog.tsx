import { MultiSelect, Switch, Text, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { startColorSession } from '@tidewheel/client/routes';
import { useState } from 'react';
import { api } from '../../../shared/api.ts';
import { FormDialog } from '../../../shared/FormDialog.tsx';
import { summaryQuery, uploadsQuery } from '../buffer.queries.ts';
import { rulesQuery } from '../rules/rules.queries.ts';
import { sessionsKey } from './sessions.queries.ts';

export function StartSessionDialog({ onClose, onStarted }: { onClose: () => void; onStarted: (id: string) => void }) {
  const [title, setTitle] = useState('');
  const [sources, setSources] = useState<string[]>([]);
  const [uploads, setUploads] = useState<string[]>([]);
  const [rules, setRules] = useState<string[]>([]);
  const [hasDuplicates, setDuplicates] = useState(false);
  const queries = useQueryClient();
  const summary = useQuery(summaryQuery());
  const brought = useInfiniteQuery(uploadsQuery());
  const desk = useQuery(rulesQuery(false));
  const start = useMutation({
    mutationFn: () =>
      api.call(startColorSession, {
        body: {
          ...(title.trim() === '' ? {} : { title }),
          ...(rules.length === 0 ? {} : { rules }),
          ...{ sources, uploads, duplicates: hasDuplicates ? 'take' : 'leave' },
        },
      }),
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: sessionsKey });
      onStarted(id);
    },
  });
  const known = (summary.data?.sources ?? []).map(({ source, rows }) => ({ value: source, label: `${source === '' ? 'Without a source' : source} (${rows})` }));
  const files = (brought.data?.pages.flatMap(({ items }) => items) ?? []).map(({ id, title: name }) => ({ value: id, label: name }));
  const active = (desk.data ?? []).filter((rule) => rule.active).map((rule) => ({ value: rule.id, label: rule.title }));
  const many = (chosen: string[], all: string) => ({ placeholder: chosen.length === 0 ? all : '', value: chosen, clearable: true, searchable: true });
  return (
    <FormDialog title="Start a session" action="Start" mutation={start} onClose={onClose}>
      <Text size="sm">
        {summary.data ? `${summary.data.free.toLocaleString('en')} colors wait. ` : ''}The session takes them, ranked by rules; until it is processed or
        discarded no run gets them.
      </Text>
      <TextInput
        label="Name"
        placeholder="Colors of today"
        maxLength={100}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
        data-autofocus
      />
      <MultiSelect label="Only of these uploads" data={files} {...many(uploads, 'All')} onChange={setUploads} />
      <MultiSelect label="Only from these sources" data={known} {...many(sources, 'All')} onChange={setSources} />
      <MultiSelect label="Only by these rules" data={active} {...many(rules, 'All active rules')} onChange={setRules} />
      <Switch
        label="Show duplicates, too"
        description="What says the same as an earlier row is held and goes with it, but is not shown"
        checked={hasDuplicates}
        onChange={(event) => setDuplicates(event.currentTarget.checked)}
      />
    </FormDialog>
  );
}
