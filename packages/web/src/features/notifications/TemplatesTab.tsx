import { Button, Group, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { archiveTemplate } from '@tidewheel/client/routes';
import type { Template } from '@tidewheel/contract/notify';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { DataTable, type TableColumn } from '../../shared/DataTable.tsx';
import { Loaded } from '../../shared/Loaded.tsx';
import { templatesQuery } from './notifications.queries.ts';
import { TemplateDialog } from './TemplateDialog.tsx';

/** In which words people are told. */
export function TemplatesTab({ canEdit }: { canEdit: boolean }) {
  const query = useQuery(templatesQuery);
  const [opened, setOpened] = useState<Template | 'new' | null>(null);
  const columns: TableColumn<Template>[] = [
    {
      key: 'title',
      title: 'Template',
      isHead: true,
      render: ({ slug, content }) => (
        <>
          <Text component="span" size="sm" fw={600}>
            {content.title}
          </Text>
          <Text size="xs" c="dimmed">
            {slug}
          </Text>
        </>
      ),
    },
    { key: 'kinds', title: 'For', render: ({ content }) => content.kinds.join(', ') || 'rules that name it' },
    { key: 'subject', title: 'Subject', isWide: true, render: ({ content }) => <code style={{ overflowWrap: 'anywhere' }}>{content.subject}</code> },
    { key: 'version', title: 'Version', align: 'right', render: ({ version }) => (version === 0 ? 'built in' : version) },
    ...(canEdit
      ? [
          {
            key: 'actions',
            title: 'Actions',
            align: 'right' as const,
            isWide: true,
            render: (template: Template) => (
              <Group gap={6} justify="flex-end">
                <Button size="compact-xs" variant="default" onClick={() => setOpened(template)} aria-label={`Change ${template.content.title}`}>
                  Change
                </Button>
                {template.version > 0 && <RemoveButton template={template} />}
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
            New template
          </Button>
        </Group>
      )}
      <div className="tw-card">
        <Loaded query={query}>{(templates) => <DataTable label="Message templates" columns={columns} rows={templates} rowKey={(one) => one.slug} />}</Loaded>
      </div>
      {opened && <TemplateDialog template={opened === 'new' ? null : opened} onClose={() => setOpened(null)} />}
    </>
  );
}

function RemoveButton({ template: { slug, builtIn, content } }: { template: Template }) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => api.call(archiveTemplate, { params: { slug } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['notification-templates'] }),
  });
  const verb = builtIn ? 'Reset' : 'Remove';
  const text = builtIn ? 'It is as it was at first; its versions are kept.' : 'Its versions are kept, and the change log can bring it back.';
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
