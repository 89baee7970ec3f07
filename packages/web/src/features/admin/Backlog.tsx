import { Text } from '@mantine/core';
import type { EngineBacklog } from '@tidewheel/contract/routes/engine';
import { formatCount } from '../../shared/format.ts';
import { PairList } from '../../shared/PairList.tsx';

const waitWords: Record<string, string> = {
  timer: 'Steps that wait for a time',
  signal: 'Steps that wait for a signal',
  callback: 'Steps that wait for a callback',
  approval: 'Steps that wait for an approval',
  children: 'Steps that wait for runs below them',
};

/** What has not ended, in all workspaces; what there is none of is left out. */
export function Backlog({ backlog: { runs, held, paused, waits, parked } }: { backlog: EngineBacklog }) {
  const all: [string, number][] = [
    ['Runs queued', runs.queued],
    ['Runs running', runs.running],
    ['Runs being cancelled', runs.cancelling],
    ['Runs held behind others', held],
    ['Runs paused', paused],
    ...Object.entries(waits).map(([kind, count]): [string, number] => [waitWords[kind] ?? kind, count ?? 0]),
    ['Steps that wait for a slot', parked.slot],
    ['Steps parked with a paused run', parked.paused],
    ['Steps parked with a held run', parked.held],
  ];
  const some = all.filter(([, count]) => count > 0);
  if (some.length === 0)
    return (
      <Text c="dimmed" p="md">
        Nothing is on its way.
      </Text>
    );
  return (
    <div style={{ padding: 16 }}>
      <PairList pairs={some.map(([name, count]) => [name, formatCount(count)])} />
    </div>
  );
}
