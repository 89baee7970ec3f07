import { Alert, Button, Group, List, SegmentedControl } from '@mantine/core';
import { IconTable } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ColorSessionDetail, SessionFilter } from '@tidewheel/contract/color-session';
import { useEffect, useMemo, useRef } from 'react';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { ErrorNotice } from '../../../shared/ErrorNotice.tsx';
import { LinkButton } from '../../../shared/LinkButton.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { NameSearch } from '../../../shared/NameSearch.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { useSearchText } from '../../../shared/use-search-text.ts';
import { HistoryDrawer } from '../sessions/HistoryDrawer.tsx';
import { RowWhyDrawer } from '../sessions/RowWhyDrawer.tsx';
import { SessionGrid } from '../sessions/SessionGrid.tsx';
import { SessionActions, SessionFacts } from '../sessions/SessionHead.tsx';
import { presenceQuery, sessionKey, sessionQuery } from '../sessions/sessions.queries.ts';
import { type Refused, useSessionVerbs } from '../sessions/use-session-verbs.ts';

const route = getRouteApi('/app/colors/sessions/$id');

export function SessionPage() {
  const { id } = route.useParams();
  return <Loaded query={useQuery(sessionQuery(id))}>{(session) => <OpenSession session={session} />}</Loaded>;
}

const views = [
  { value: 'all', label: 'All' },
  { value: 'kept', label: 'In the sheet' },
  { value: 'excluded', label: 'Excluded' },
  { value: 'removed', label: 'Removed' },
  { value: 'doubtful', label: 'Doubtful' },
  { value: 'changed', label: 'Changed' },
];

function OpenSession({ session }: { session: ColorSessionDetail }) {
  const { which = 'all', q, panel, why } = route.useSearch();
  const navigate = route.useNavigate();
  const verbs = useSessionVerbs(session);
  const { others, at } = useOthers(session);
  const filter = useMemo<SessionFilter>(() => ({ which, ...(q === undefined ? {} : { search: q }) }), [which, q]);
  const search = useSearchText(q, (text) => void navigate({ search: (old) => ({ ...old, q: text }), replace: true }));
  const choose = (value: string) => void navigate({ search: (old) => ({ ...old, which: value === 'all' ? undefined : (value as 'kept') }), replace: true });
  const open = (beside: { panel?: 'history'; why?: string }) =>
    void navigate({ search: ({ panel: _panel, why: _why, ...old }) => ({ ...old, ...beside }), replace: true });
  const isOver = session.state === 'processed' || session.state === 'discarded';
  return (
    <>
      <PageHeader
        title={session.title}
        facts={<SessionFacts session={session} others={others} verbs={verbs} />}
        actions={<SessionActions session={session} verbs={verbs} onHistory={() => open({ panel: 'history' })} />}
      />
      {verbs.refused && <RefusedNotice refused={verbs.refused} onDismiss={verbs.dismiss} />}
      {isOver ? (
        <Ended session={session} />
      ) : (
        <>
          <Group mb="xs" gap="sm">
            <SegmentedControl aria-label="Which rows" size="xs" data={views} value={which} onChange={choose} style={{ maxWidth: '100%', overflowX: 'auto' }} />
            <NameSearch search={search} />
          </Group>
          <SessionGrid
            key={`${which} ${q ?? ''}`}
            session={session}
            filter={filter}
            verbs={verbs}
            others={others}
            onAt={at}
            onWhy={(row) => open({ why: row })}
          />
        </>
      )}
      {panel === 'history' && <HistoryDrawer session={session} verbs={verbs} onClose={() => open({})} />}
      {why !== undefined && <RowWhyDrawer session={session.id} row={why} onClose={() => open({})} />}
    </>
  );
}

/** What came of it. */
function Ended({ session: { state, processing } }: { session: ColorSessionDetail }) {
  const next =
    state === 'processed' && processing !== null ? (
      <LinkButton to="/colors/processings/$number" params={{ number: String(processing) }}>
        Look at processing {processing}
      </LinkButton>
    ) : (
      <LinkButton to="/colors/sessions">All sessions</LinkButton>
    );
  return (
    <EmptyState icon={IconTable} title={state === 'processed' ? 'This session was processed' : 'This session was discarded'} action={next}>
      {state === 'processed' ? 'Its rows are kept as they were arranged.' : 'Its rows went back to the buffer as they came.'}
    </EmptyState>
  );
}

/** Who else is here; when somebody changed something, the rows are read again. */
function useOthers({ id, revision, state }: ColorSessionDetail) {
  const queries = useQueryClient();
  const place = useRef<{ row: string | null; field: string | null }>({ row: null, field: null });
  const at = useRef((now: { row: string | null; field: string | null }) => {
    place.current = now;
  });
  const { data, dataUpdatedAt } = useQuery({ ...presenceQuery({ id, at: () => place.current }), enabled: state === 'open' || state === 'processing' });
  const isBehind = data !== undefined && (data.revision > revision || data.state !== state);
  // With each answer anew: a run that ends between two of them leaves the page as far behind as it was.
  useEffect(() => {
    if (isBehind && dataUpdatedAt > 0) void queries.invalidateQueries({ queryKey: sessionKey(id) });
  }, [isBehind, dataUpdatedAt, id, queries]);
  return { others: data?.others ?? [], at: at.current };
}

function RefusedNotice({ refused, onDismiss }: { refused: Refused; onDismiss: () => void }) {
  const { error, rows, again } = refused;
  if (rows === null) return <ErrorNotice error={error} />;
  const go = () => {
    onDismiss();
    again?.();
  };
  return (
    <Alert color="orange" variant="outline" title="Somebody changed these rows meanwhile; nothing of yours was saved over it" mb="sm" role="alert">
      <List size="sm" mb="xs">
        {rows.slice(0, 5).map((row) => (
          <List.Item key={row.id}>
            {row.cusip ?? row.isin ?? row.ticker}: PX {row.px ?? 'none'}, rank {row.rank ?? 'none'}
            {row.removed ? ', removed' : row.excluded ? ', excluded' : `, line ${row.position}`}
          </List.Item>
        ))}
      </List>
      <Group gap="xs">
        <Button size="xs" variant="default" onClick={onDismiss}>
          Leave them as they are now
        </Button>
        {again && (
          <Button size="xs" variant="default" onClick={go}>
            Change them all the same
          </Button>
        )}
      </Group>
    </Alert>
  );
}
