import { Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { revertChange } from '@tidewheel/client/routes';
import type { ChangeDetail } from '@tidewheel/contract/routes/changes';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { Loaded } from '../../shared/Loaded.tsx';
import { PairList } from '../../shared/PairList.tsx';
import { SideDrawer } from '../../shared/SideDrawer.tsx';
import { useCan } from '../../shared/session.ts';
import { Time } from '../../shared/Time.tsx';
import { AuditObject } from './AuditObject.tsx';
import { changeQuery } from './changes.queries.ts';
import { ValueDiff } from './ValueDiff.tsx';

/** One change: what it changed, and taking it back. */
export function ChangeDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const query = useQuery(changeQuery(id));
  return (
    <SideDrawer title="Change" onClose={onClose}>
      <Loaded query={query}>{(change) => <ChangeView change={change} onDone={onClose} />}</Loaded>
    </SideDrawer>
  );
}

function ChangeView({ change, onDone }: { change: ChangeDetail; onDone: () => void }) {
  return (
    <Stack>
      <PairList
        pairs={[
          ['Change', change.action],
          ['When', <Time key="at" at={change.at} />],
          ['Who', change.by],
          ['What', <AuditObject key="object" object={change.object} />],
          ...(change.reverts === null ? [] : [['Takes back', change.reverts] as [string, string]]),
        ]}
      />
      <RevertPart change={change} onDone={onDone} />
      <section>
        <Title order={3} mb={4}>
          What changed
        </Title>
        <ValueDiff before={change.before} after={change.after} />
      </section>
    </Stack>
  );
}

function RevertPart({ change, onDone }: { change: ChangeDetail; onDone: () => void }) {
  const mayRevert = useCan('change.revert');
  const queries = useQueryClient();
  const revert = useMutation({
    mutationFn: () => api.call(revertChange, { params: { id: change.id } }),
    onSuccess: async () => {
      // What was changed may be shown anywhere.
      await queries.invalidateQueries();
      onDone();
    },
  });
  if (!change.revertible) return <Text size="sm">{change.obstacle}</Text>;
  if (!mayRevert) return null;
  return (
    <ConfirmButton
      size="xs"
      mutation={revert}
      ask={{
        title: `Take back this change of ${change.object.title}?`,
        text: 'What it changed is set back to what was there before. That is a change as well, and can be taken back, too.',
        confirm: 'Take it back',
      }}
    >
      {change.revertedBy === null ? 'Take it back' : 'Take it back again'}
    </ConfirmButton>
  );
}
