import { useMutation, useQueryClient } from '@tanstack/react-query';
import { drainWorker, undrainWorker } from '@tidewheel/client/routes';
import type { EngineWorker } from '@tidewheel/contract/routes/engine';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { engineQuery } from './engine.queries.ts';

export function DrainButton({ worker }: { worker: EngineWorker }) {
  const queries = useQueryClient();
  const isDrained = worker.drain !== null;
  const params = { id: worker.id };
  const change = useMutation({
    mutationFn: () => (isDrained ? api.call(undrainWorker, { params }) : api.call(drainWorker, { params })),
    onSuccess: () => queries.invalidateQueries({ queryKey: engineQuery.queryKey }),
  });
  const name = `${worker.host}, process ${worker.pid}`;
  const ask = isDrained
    ? { title: 'Let it take work again?', text: name, confirm: 'Take work again' }
    : {
        title: 'Drain this worker?',
        text: `${name} takes nothing new and ends the steps that it runs; what follows them goes to other workers. Then its process can be stopped or restarted.`,
        confirm: 'Drain it',
      };
  // Another key for the other question: a dialog that still closes must not ask for the opposite.
  return (
    <ConfirmButton key={String(isDrained)} ask={ask} mutation={change} size="compact-xs" aria-label={isDrained ? `Undrain ${name}` : `Drain ${name}`}>
      {isDrained ? 'Undrain' : 'Drain'}
    </ConfirmButton>
  );
}
