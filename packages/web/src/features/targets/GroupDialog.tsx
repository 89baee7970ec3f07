import { Alert, SegmentedControl, Text, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { createTargetGroup, previewTargetGroup, updateTargetGroup } from '@tidewheel/client/routes';
import { slugOf } from '@tidewheel/contract/slug';
import type { TargetGroup } from '@tidewheel/contract/target';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { FormDialog } from '../../shared/FormDialog.tsx';

/** Makes a group of hosts or changes one; who a query finds is shown while it is typed. */
export function GroupDialog({ group, onClose }: { group: TargetGroup | null; onClose: () => void }) {
  const queries = useQueryClient();
  const [title, setTitle] = useState(group?.title ?? '');
  const [description, setDescription] = useState(group?.description ?? '');
  const [isDynamic, setDynamic] = useState(group ? group.query !== null : true);
  const [query, setQuery] = useState(group?.query ?? '');
  const [asked] = useDebouncedValue(query.trim(), 400);
  const body = { title, description, query: isDynamic ? query.trim() : null };
  const save = useMutation({
    mutationFn: () =>
      group ? api.call(updateTargetGroup, { params: { slug: group.slug }, body }) : api.call(createTargetGroup, { body: { ...body, slug: slugOf(title) } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['targets'] });
      onClose();
    },
  });
  const preview = useQuery({
    queryKey: ['targets', 'groups', 'preview', asked],
    queryFn: () => api.call(previewTargetGroup, { body: { query: asked } }),
    enabled: isDynamic && asked !== '',
    placeholderData: keepPreviousData,
    retry: false,
  });
  return (
    <FormDialog
      title={group ? `Group ${group.slug}` : 'New group'}
      size="lg"
      onClose={onClose}
      mutation={save}
      action="Save"
      disabled={slugOf(title) === '' || (isDynamic && query.trim() === '')}
    >
      <TextInput label="Title" withAsterisk value={title} onChange={(event) => setTitle(event.currentTarget.value)} data-autofocus />
      <TextInput label="Description" value={description} onChange={(event) => setDescription(event.currentTarget.value)} />
      {!group && (
        <SegmentedControl
          aria-label="What is in it"
          data={[
            { value: 'query', label: 'Hosts that a query finds' },
            { value: 'list', label: 'A list of hosts' },
          ]}
          value={isDynamic ? 'query' : 'list'}
          onChange={(value) => setDynamic(value === 'query')}
          style={{ alignSelf: 'flex-start' }}
        />
      )}
      {isDynamic ? (
        <>
          <Textarea
            label="Query"
            description={
              'CEL over target: name, os, address, transport, category, tags, groups, facts, inMaintenance. As "web" in target.tags && target.facts.cpus >= 8'
            }
            withAsterisk
            autosize
            minRows={2}
            value={query}
            onChange={(event) => setQuery(event.currentTarget.value)}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          />
          {preview.error && <ErrorNotice error={preview.error} />}
          {preview.data && !preview.error && asked !== '' && (
            <Alert variant="light" title={`${preview.data.members} ${preview.data.members === 1 ? 'host' : 'hosts'} now`} role="status">
              <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                {preview.data.names.slice(0, 30).join(', ')}
                {preview.data.members > 30 && ` and ${preview.data.members - 30} more`}
              </Text>
              {preview.data.reason && (
                <Text size="sm">
                  For {preview.data.undecided} it cannot be decided: {preview.data.reason}
                </Text>
              )}
            </Alert>
          )}
        </>
      ) : (
        <Text size="sm" c="dimmed">
          Hosts are put into it on their own pages, or many at once from the list of hosts.
        </Text>
      )}
    </FormDialog>
  );
}
