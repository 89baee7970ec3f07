import { IconBolt, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { EmptyState } from '../../shared/EmptyState.tsx';
import { LinkButton } from '../../shared/LinkButton.tsx';
import { PagedList } from '../../shared/PagedList.tsx';
import { useCan } from '../../shared/session.ts';
import { flowTriggerColumns } from '../../shared/triggers/trigger-columns.tsx';
import { triggersQuery } from '../../shared/triggers/trigger-lists.ts';

/** What starts this flow when something happens. */
export function FlowTriggers({ slug, attributes }: { slug: string; attributes: Record<string, string | null> }) {
  const query = useInfiniteQuery(triggersQuery({ flow: slug }));
  const create = useCan('trigger.edit', attributes) && (
    <LinkButton to="/triggers/new" search={{ flow: slug }} size="xs" leftSection={<IconPlus size={14} aria-hidden />}>
      New trigger
    </LinkButton>
  );
  const hasSome = (query.data?.pages[0]?.items.length ?? 0) > 0;
  const empty = (
    <EmptyState icon={IconBolt} title="No trigger starts this flow" action={create}>
      A trigger starts it when something happens: a call, a file, new rows, a mail, the end of another flow.
    </EmptyState>
  );
  return (
    <>
      {hasSome && <div style={{ margin: '8px 0' }}>{create}</div>}
      <PagedList
        label="Triggers of this flow"
        query={query}
        columns={flowTriggerColumns}
        rowKey={(trigger) => trigger.id}
        empty={empty}
        one="trigger"
        many="triggers"
      />
    </>
  );
}
