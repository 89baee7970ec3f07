import { useQuery } from '@tanstack/react-query';
import { archiveTemplate } from '@tidewheel/client/routes';
import type { Template } from '@tidewheel/contract/notify';
import { api } from '../../shared/api.ts';
import type { TableColumn } from '../../shared/DataTable.tsx';
import { NamedHead, NamedTab, RemoveButton } from './NamedTab.tsx';
import { templatesQuery } from './notifications.queries.ts';
import { TemplateDialog } from './TemplateDialog.tsx';

const columns: TableColumn<Template>[] = [
  { key: 'title', title: 'Template', isHead: true, render: ({ slug, content }) => <NamedHead title={content.title} slug={slug} /> },
  { key: 'kinds', title: 'For', render: ({ content }) => content.kinds.join(', ') || 'rules that name it' },
  { key: 'subject', title: 'Subject', isWide: true, render: ({ content }) => <code style={{ overflowWrap: 'anywhere' }}>{content.subject}</code> },
  { key: 'version', title: 'Version', align: 'right', render: ({ version }) => (version === 0 ? 'built in' : version) },
];

/** In which words people are told. */
export function TemplatesTab({ canEdit }: { canEdit: boolean }) {
  return (
    <NamedTab
      label="Message templates"
      add="New template"
      query={useQuery(templatesQuery)}
      columns={columns}
      canEdit={canEdit}
      remove={(template) => template.version > 0 && <RemoveTemplate template={template} />}
      dialog={(template, onClose) => <TemplateDialog template={template} onClose={onClose} />}
    />
  );
}

function RemoveTemplate({ template: { slug, builtIn, content } }: { template: Template }) {
  const verb = builtIn ? 'Reset' : 'Remove';
  return (
    <RemoveButton
      title={content.title}
      verb={verb}
      ask={`${verb} “${content.title}”?`}
      text={builtIn ? 'It is as it was at first; its versions are kept.' : 'Its versions are kept, and the change log can bring it back.'}
      call={() => api.call(archiveTemplate, { params: { slug } })}
      queryKey={['notification-templates']}
    />
  );
}
