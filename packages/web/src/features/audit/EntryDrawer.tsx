import { Button, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { AuditDetail } from '@tidewheel/contract/routes/audit';
import type { ReactNode } from 'react';
import { CopyText } from '../../shared/CopyText.tsx';
import { Loaded } from '../../shared/Loaded.tsx';
import { PairList } from '../../shared/PairList.tsx';
import { SideDrawer } from '../../shared/SideDrawer.tsx';
import { Time } from '../../shared/Time.tsx';
import { AuditObject } from './AuditObject.tsx';
import { entryQuery } from './audit.queries.ts';
import { ValueDiff } from './ValueDiff.tsx';

/** One entry: who and what, what changed, and where it stands in the signed tree. */
export function EntryDrawer({ id, onClose, onObject }: { id: string; onClose: () => void; onObject: (objectId: string) => void }) {
  const query = useQuery(entryQuery(id));
  return (
    <SideDrawer title="Audit entry" onClose={onClose}>
      <Loaded query={query}>{(entry) => <EntryView entry={entry} onObject={onObject} />}</Loaded>
    </SideDrawer>
  );
}

function EntryView({ entry, onObject }: { entry: AuditDetail; onObject: (objectId: string) => void }) {
  const { object } = entry;
  return (
    <Stack>
      <PairList pairs={factsOf(entry)} />
      {object && (
        <Button variant="default" size="xs" onClick={() => onObject(object.id)}>
          Everything that happened to this {object.type}
        </Button>
      )}
      <section>
        <Title order={3} mb={4}>
          What changed
        </Title>
        {entry.erased ? <Text size="sm">Its content was erased by retention. That it happened, and when, is still proven.</Text> : <ValueDiff {...entry} />}
      </section>
      <section>
        <Title order={3} mb={4}>
          Proof
        </Title>
        {entry.proof ? (
          <PairList
            pairs={[
              ['Place in the tree', entry.proof.leafIndex],
              ['Leaf', <CopyText key="leaf" value={entry.proof.leaf} label="leaf" short={40} />],
              ['Checkpoint', <CopyText key="checkpoint" value={entry.proof.checkpoint} label="checkpoint" short={40} />],
            ]}
          />
        ) : (
          <Text size="sm">Gets its place in the signed tree in a moment.</Text>
        )}
      </section>
    </Stack>
  );
}

function factsOf(entry: AuditDetail): [string, ReactNode][] {
  return [
    ['Action', entry.action],
    ['When', <Time key="at" at={entry.at} />],
    ['Who', whoOf(entry.actor)],
    ...(entry.actor?.through ? [['With rights of', entry.actor.through.join(', ')] as [string, ReactNode]] : []),
    ['What', <AuditObject key="object" object={entry.object} />],
    ['Address', entry.address ?? '–'],
    ['Request', entry.requestId ?? '–'],
    ['Entry', <CopyText key="id" value={entry.id} label="entry id" />],
  ];
}

function whoOf(actor: AuditDetail['actor']): string {
  if (actor === null) return 'erased';
  return actor.kind === 'user' || actor.kind === actor.label ? actor.label : `${actor.label} (${actor.kind})`;
}
