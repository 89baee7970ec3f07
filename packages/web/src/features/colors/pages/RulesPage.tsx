import { Button, Group, SegmentedControl, Text, Title } from '@mantine/core';
import { IconArrowBackUp, IconFilter, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ColorRule } from '@tidewheel/contract/color-rule';
import { DataTable, type TableColumn } from '../../../shared/DataTable.tsx';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { ErrorNotice } from '../../../shared/ErrorNotice.tsx';
import { LinkButton } from '../../../shared/LinkButton.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { useCan } from '../../../shared/session.ts';
import { conditionWords } from '../rules/condition-words.ts';
import { RuleList } from '../rules/RuleList.tsx';
import { rulesQuery } from '../rules/rules.queries.ts';
import { SheetOrder } from '../rules/SheetOrder.tsx';
import { type RuleVerbs, useRuleVerbs } from '../rules/use-rule-verbs.ts';

const route = getRouteApi('/app/colors/rules');
const kinds = [
  { kind: 'exclude', title: 'Exclusion rules', says: 'The first that a row fulfils takes it out of the sheet.', empty: 'Nothing is taken out yet.' },
  { kind: 'color', title: 'Coloring rules', says: 'The first that a row fulfils gives it its colour.', empty: 'No row has a colour yet.' },
] as const;

export function RulesPage() {
  const { archived } = route.useSearch();
  const navigate = route.useNavigate();
  const canEdit = useCan('desk.edit');
  const query = useQuery(rulesQuery(archived === true));
  const verbs = useRuleVerbs();
  return (
    <>
      <PageHeader title="Rules" />
      <SegmentedControl
        size="xs"
        mb="sm"
        data={[
          { value: 'use', label: 'In use' },
          { value: 'archived', label: 'Archived' },
        ]}
        value={archived ? 'archived' : 'use'}
        onChange={(value) => void navigate({ search: value === 'archived' ? { archived: true } : {}, replace: true })}
        aria-label="Which rules"
      />
      {verbs.error && <ErrorNotice error={verbs.error} />}
      {verbs.asked && (
        <Button my="sm" color="red" variant="outline" onClick={() => verbs.asked && verbs.switchTo(verbs.asked, true, true)}>
          Activate “{verbs.asked.title}” all the same
        </Button>
      )}
      <Loaded query={query}>
        {(rules) => (archived ? <Archived rules={rules} canEdit={canEdit} verbs={verbs} /> : <InUse rules={rules} canEdit={canEdit} verbs={verbs} />)}
      </Loaded>
      {!archived && <SheetOrder canEdit={canEdit} />}
    </>
  );
}

interface Shown {
  rules: ColorRule[];
  canEdit: boolean;
  verbs: RuleVerbs;
}

function InUse({ rules, canEdit, verbs }: Shown) {
  return kinds.map(({ kind, title, says, empty }) => {
    const ours = rules.filter((rule) => rule.kind === kind);
    const add = canEdit && (
      <LinkButton to="/colors/rules/new" search={{ kind }} variant="default" leftSection={<IconPlus size={16} aria-hidden />}>
        {kind === 'exclude' ? 'New exclusion rule' : 'New coloring rule'}
      </LinkButton>
    );
    return (
      <section key={kind} aria-labelledby={`rules-${kind}`} style={{ marginBottom: 24 }}>
        <Group justify="space-between" mb="xs">
          <div>
            <Title order={2} id={`rules-${kind}`}>
              {title}
            </Title>
            <Text size="sm" c="dimmed">
              {says}
            </Text>
          </div>
          {ours.length > 0 && add}
        </Group>
        {ours.length === 0 ? (
          <EmptyState icon={IconFilter} title={empty} action={add} />
        ) : (
          <RuleList label={title} rules={ours} canEdit={canEdit} verbs={verbs} />
        )}
      </section>
    );
  });
}

function Archived({ rules, canEdit, verbs }: Shown) {
  if (rules.length === 0) return <EmptyState icon={IconFilter} title="No archived rules" />;
  const back: TableColumn<ColorRule> = {
    key: 'back',
    title: 'Bring back',
    render: (rule) => (
      <Button size="xs" variant="default" leftSection={<IconArrowBackUp size={14} aria-hidden />} onClick={() => verbs.restore(rule)}>
        Restore
      </Button>
    ),
  };
  return <DataTable label="Archived rules" columns={canEdit ? [...columns, back] : columns} rows={rules} rowKey={({ id }) => id} />;
}

const columns: TableColumn<ColorRule>[] = [
  { key: 'title', title: 'Rule', isHead: true, render: ({ title }) => title },
  { key: 'kind', title: 'Kind', render: ({ kind }) => (kind === 'exclude' ? 'excludes' : 'colours') },
  { key: 'condition', title: 'Condition', isWide: true, render: ({ condition }) => conditionWords(condition) },
];
