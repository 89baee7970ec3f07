import { useQuery } from '@tanstack/react-query';
import { archiveRule } from '@tidewheel/client/routes';
import type { Rule } from '@tidewheel/contract/notify';
import { api } from '../../shared/api.ts';
import type { TableColumn } from '../../shared/DataTable.tsx';
import { StatusBadge } from '../../shared/StatusBadge.tsx';
import { NamedHead, NamedTab, RemoveButton } from './NamedTab.tsx';
import { rulesQuery } from './notifications.queries.ts';
import { RuleDialog } from './RuleDialog.tsx';
import { matchText, recipientsText } from './rule-words.ts';

const columns: TableColumn<Rule>[] = [
  {
    key: 'title',
    title: 'Rule',
    isHead: true,
    render: ({ slug, content, builtIn, changed }) => (
      <NamedHead title={content.title} slug={slug} note={builtIn ? (changed ? ' · built in, changed here' : ' · built in') : ''} />
    ),
  },
  { key: 'when', title: 'When', isWide: true, render: ({ content }) => <span className="tw-words">{matchText(content.match)}</span> },
  { key: 'to', title: 'To', isWide: true, render: ({ content }) => recipientsText(content.to) },
  { key: 'by', title: 'By', render: ({ content }) => <span className="tw-words">{content.channels.join(', ')}</span> },
  {
    key: 'state',
    title: 'State',
    render: ({ content }) => <StatusBadge state={content.enabled ? 'active' : 'off'} label={content.enabled ? 'On' : 'Off'} bare />,
  },
];

/** Which events are told to whom. */
export function RulesTab({ canEdit }: { canEdit: boolean }) {
  return (
    <NamedTab
      label="Notification rules"
      add="New rule"
      query={useQuery(rulesQuery)}
      columns={columns}
      canEdit={canEdit}
      remove={(rule) => (!rule.builtIn || rule.changed) && <RemoveRule rule={rule} />}
      dialog={(rule, onClose) => <RuleDialog rule={rule} onClose={onClose} />}
    />
  );
}

function RemoveRule({ rule: { slug, builtIn, content } }: { rule: Rule }) {
  const verb = builtIn ? 'Reset' : 'Remove';
  return (
    <RemoveButton
      title={content.title}
      verb={verb}
      ask={`${verb} “${content.title}”?`}
      text={builtIn ? 'It is as it was at first.' : 'Nobody is told by it any more. The change log can bring it back.'}
      call={() => api.call(archiveRule, { params: { slug } })}
      queryKey={rulesQuery.queryKey}
    />
  );
}
