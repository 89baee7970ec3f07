import { Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { isFinal } from '@tidewheel/client/states';
import type { Run } from '@tidewheel/contract/run';
import { formatCell } from '../../shared/format.ts';
import { Loaded } from '../../shared/Loaded.tsx';
import { PairList } from '../../shared/PairList.tsx';
import { RunArtifact } from './RunArtifact.tsx';
import { RunDelivery } from './RunDelivery.tsx';
import { runArtifactsQuery, runDeliveriesQuery } from './runs.queries.ts';

/** What came out of a run: artifacts, deliveries, and the parameters it was started with. */
export function OutcomePanel({ run }: { run: Run }) {
  const artifacts = useQuery(runArtifactsQuery(run.id));
  const deliveries = useQuery(runDeliveriesQuery(run.id));
  const parameters = Object.entries(run.parameters);
  const outputs = Object.entries(run.output ?? {});
  const none = isFinal(run.state) ? 'This run made no artifacts.' : 'Artifacts appear here as soon as they are made.';
  return (
    <div style={{ display: 'grid', gap: 16 }}>
      <section className="tw-card" aria-label="Artifacts" style={{ padding: 16 }}>
        <Title order={2}>Artifacts</Title>
        <Loaded query={artifacts} lines={3}>
          {(page) =>
            page.items.length === 0 ? (
              <Text size="sm" c="dimmed" mt={4}>
                {none}
              </Text>
            ) : (
              page.items.map((artifact) => <RunArtifact key={artifact.id} artifact={artifact} />)
            )
          }
        </Loaded>
      </section>
      {deliveries.data && deliveries.data.items.length > 0 && (
        <section className="tw-card" aria-label="Deliveries" style={{ padding: 16 }}>
          <Title order={2}>Deliveries</Title>
          {deliveries.data.items.map((delivery) => (
            <RunDelivery key={delivery.id} delivery={delivery} />
          ))}
        </section>
      )}
      {outputs.length > 0 && (
        <section className="tw-card" aria-label="Outputs" style={{ padding: 16 }}>
          <PairList title="Outputs" pairs={outputs.map(([name, value]) => [name, formatCell(value) || '–'])} />
        </section>
      )}
      {parameters.length > 0 && (
        <section className="tw-card" aria-label="Parameters" style={{ padding: 16 }}>
          <PairList title="Parameters" pairs={parameters.map(([name, value]) => [name, formatCell(value) || '–'])} />
        </section>
      )}
    </div>
  );
}
