import { Button, Group, Stack, Text } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ColorSessionDetail, SessionEntry } from '@tidewheel/contract/color-session';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { ErrorNotice } from '../../../shared/ErrorNotice.tsx';
import { MoreButton } from '../../../shared/MoreButton.tsx';
import { SideDrawer } from '../../../shared/SideDrawer.tsx';
import { Time } from '../../../shared/Time.tsx';
import { entryText } from './session-words.ts';
import { entriesQuery } from './sessions.queries.ts';
import type { SessionVerbs } from './use-session-verbs.ts';

/** Who did what in a session, and the way back. */
export function HistoryDrawer({ session, verbs, onClose }: { session: ColorSessionDetail; verbs: SessionVerbs; onClose: () => void }) {
  const query = useInfiniteQuery(entriesQuery(session.id));
  const entries = query.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <SideDrawer title="What was changed" onClose={onClose}>
      {query.error && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {verbs.refused && <ErrorNotice error={verbs.refused.error} />}
      {query.data && entries.length === 0 && <EmptyState icon={IconHistory} title="Nothing was changed yet" />}
      <Stack component="ol" gap="sm" p={0} m={0} style={{ listStyle: 'none' }}>
        {entries.map((entry) => (
          <Entry key={entry.number} entry={entry} canUndo={session.mayEdit && !verbs.isBusy} verbs={verbs} />
        ))}
      </Stack>
      {entries.length > 0 && <MoreButton query={query} one="change" many="changes" />}
    </SideDrawer>
  );
}

function Entry({ entry, canUndo, verbs }: { entry: SessionEntry; canUndo: boolean; verbs: SessionVerbs }) {
  const { number, rows, by, at, isUndone, ofEntry } = entry;
  const isStanding = ofEntry === null && !isUndone;
  return (
    <li>
      <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
        <div style={{ minWidth: 0 }}>
          <Text size="sm" td={isUndone ? 'line-through' : undefined}>
            {number}. {entryText(entry)}, {rows === 1 ? '1 row' : `${rows.toLocaleString('en')} rows`}
          </Text>
          <Text size="xs" c="dimmed">
            {by}, <Time at={at} />
            {isUndone && ', taken back'}
          </Text>
        </div>
        {canUndo && isStanding && (
          <Group gap={4} wrap="nowrap">
            <Button size="compact-xs" variant="default" aria-label={`Take back change ${number}`} onClick={() => verbs.undoEntry(number, false)}>
              Take back
            </Button>
            <Button size="compact-xs" variant="subtle" aria-label={`Go back to before change ${number}`} onClick={() => verbs.undoEntry(number, true)}>
              Go back to before
            </Button>
          </Group>
        )}
      </Group>
    </li>
  );
}
