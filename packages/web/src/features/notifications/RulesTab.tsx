import { Button, Group, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { archiveRule } from '@tidewheel/client/routes';
import type { Rule } from '@tidewheel/contract/notify';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { DataTable, type TableColumn } from '../../shared/DataTable.tsx';
import { Loaded } from '../../shared/Loaded.tsx';
import { StatusBadge } from '../../shared/StatusBadge.tsx';
import { rulesQuery } from './notifications.queries.ts';
import { RuleDialog } from './RuleDialog.tsx';
import { matchText, recipientsText } from './rule-words.ts';

/** Which events are told to whom. */
export function RulesTab({ canEdit }: { canEdit: boolean }) {
  const query = useQuery(rulesQuery);
  const [opened, setOpened] = useState<Rule | 'new' | null>(null);
  const columns: TableColumn<Rule>[] = [
    {
      key: 'title',
      title: 'Rule',
      isHead: true,
      render: ({ slug, content, builtIn, changed }) => (
        <>
          <Text component="span" size="sm" fw={600}>
            {content.title}
          </Text>
          <Text size="xs" c="dimmed">
            {slug}
            {builtIn && (changed ? ' · built in, changed here' : ' · built in')}
          </Text>
        </>
      ),
    },
    { key: 'when', title: 'When', isWide: true, render: ({ content }) => matchText(content.match) },
    { key: 'to', title: 'To', isWide: true, render: ({ content }) => recipientsText(content.to) },
    { key: 'by', title: 'By', render: ({ content }) => content.channels.join(', ') },
    {
      key: 'state',
      title: 'State',
      render: ({ content }) => <StatusBadge state={content.enabled ? 'active' : 'off'} label={content.enabled ? 'On' : 'Off'} bare />,
    },
    ...(canEdit
      ? [
          {
            key: 'actions',
            title: 'Actions',
            align: 'right' as const,
            isWide: true,
            render: (rule: Rule) => (
              <Group gap={6} justify="flex-end">
                <Button size="compact-xs" variant="default" onClick={() => setOpened(rule)} aria-label={`Change ${rule.content.title}`}>
                  Change
                </Button>
                {(!rule.builtIn || rule.changed) && <RemoveButton rule={rule} />}
              </Group>
            ),
          },
        ]
      : []),
  ];
  return (
    <>
      {canEdit && (
        <Group mb="sm">
          <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpened('new')}>
            New rule
          </Button>
        </Group>
      )}
      <div className="tw-card">
        <Loaded query={query}>{(rules) => <DataTable label="Notification rules" columns={columns} rows={rules} rowKey={(rule) => rule.slug} />}</Loaded>
      </div>
      {opened && <RuleDialog rule={opened === 'new' ? null : opened} onClose={() => setOpened(null)} />}
    </>
  );
}

function RemoveButton({ rule: { slug, builtIn, content } }: { rule: Rule }) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.call(archiveRule, { params: { slug } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: rulesQuery.queryKey }),
  });
  const verb = builtIn ? 'Reset' : 'Remove';
  const text = builtIn ? 'It is as it was at first.' : 'Nobody is told by it any more. The change log can bring it back.';
  return (
    <ConfirmButton
      size="compact-xs"
      ask={{ title: `${verb} “${content.title}”?`, text, confirm: verb, isDanger: true }}
      mutation={remove}
      aria-label={`${verb} ${content.title}`}
    >
      {verb}
    </ConfirmButton>
  );
}
