import { Alert, Button, Group, List, SegmentedControl } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ColorSessionDetail, SessionFilter, SessionRow } from '@tidewheel/contract/color-session';
import { useEffect, useMemo, useRef } from 'react';
import { ErrorNotice } from '../../../shared/ErrorNotice.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { NameSearch } from '../../../shared/NameSearch.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { useSearchText } from '../../../shared/use-search-text.ts';
import { SessionGrid } from '../sessions/SessionGrid.tsx';
import { SessionActions, SessionFacts } from '../sessions/SessionHead.tsx';
import { presenceQuery, sessionKey, sessionQuery } from '../sessions/sessions.queries.ts';
import { useSessionVerbs } from '../sessions/use-session-verbs.ts';

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
  const { which = 'all', q } = route.useSearch();
  const navigate = route.useNavigate();
  const verbs = useSessionVerbs(session);
  const { others, at } = useOthers(session);
  const filter = useMemo<SessionFilter>(() => ({ which, ...(q === undefined ? {} : { search: q }) }), [which, q]);
  const search = useSearchText(q, (text) => void navigate({ search: (old) => ({ ...old, q: text }), replace: true }));
  const choose = (value: string) => void navigate({ search: (old) => ({ ...old, which: value === 'all' ? undefined : (value as 'kept') }), replace: true });
  const isOver = session.state === 'processed' || session.state === 'discarded';
  return (
    <>
      <PageHeader
        title={session.title}
        facts={<SessionFacts session={session} others={others} verbs={verbs} />}
        actions={<SessionActions session={session} verbs={verbs} />}
      />
      {verbs.conflict ? <ConflictNotice rows={verbs.conflict} onDismiss={verbs.dismiss} /> : verbs.error && <ErrorNotice error={verbs.error} />}
      {!isOver && (
        <>
          <Group mb="xs" gap="sm">
            <SegmentedControl aria-label="Which rows" size="xs" data={views} value={which} onChange={choose} style={{ maxWidth: '100%', overflowX: 'auto' }} />
            <NameSearch search={search} />
          </Group>
          <SessionGrid key={`${which} ${q ?? ''}`} session={session} filter={filter} verbs={verbs} others={others} onAt={at} />
        </>
      )}
    </>
  );
}

/** Who else is here; when somebody changed something, the rows are read again. */
function useOthers({ id, revision, state }: ColorSessionDetail) {
  const queries = useQueryClient();
  const place = useRef<{ row: string | null; field: string | null }>({ row: null, field: null });
  const at = useRef((now: { row: string | null; field: string | null }) => {
    place.current = now;
  });
  const { data } = useQuery({ ...presenceQuery({ id, at: () => place.current }), enabled: state === 'open' || state === 'processing' });
  const isBehind = data !== undefined && (data.revision > revision || data.state !== state);
  useEffect(() => {
    if (isBehind) void queries.invalidateQueries({ queryKey: sessionKey(id) });
  }, [isBehind, id, queries]);
  return { others: data?.others ?? [], at: at.current };
}

function ConflictNotice({ rows, onDismiss }: { rows: SessionRow[]; onDismiss: () => void }) {
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
      <Button size="xs" variant="default" onClick={onDismiss}>
        Go on with these
      </Button>
    </Alert>
  );
}
