import { IconPlayerStop, IconRefresh } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { cancelRun, rerunRun } from '@tidewheel/client/routes';
import { isFinal } from '@tidewheel/client/states';
import type { Run } from '@tidewheel/contract/run';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { flowFolderQuery } from '../../shared/flow-queries.ts';
import { announce } from '../../shared/notify.ts';
import { useCan } from '../../shared/session.ts';
import { CopyRunMenu } from './CopyRunMenu.tsx';

export function RunActions({ run }: { run: Run }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  // A run does not say where its flow is filed, which conditions can ask.
  const folder = useQuery(flowFolderQuery(run.flow)).data ?? null;
  const ofFlow = { flow: run.flow, folder, kind: run.kind };
  const canCancel = useCan('run.cancel', { ...ofFlow, startedBy: run.startedBy });
  const canRun = useCan('flow.run', ofFlow);
  const cancel = useMutation({
    mutationFn: () => api.call(cancelRun, { params: { id: run.id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['runs'] }),
  });
  const rerun = useMutation({
    mutationFn: () => api.call(rerunRun, { params: { id: run.id } }),
    onSuccess: async (next) => {
      announce(`Run #${next.number} has been started.`);
      await queries.invalidateQueries({ queryKey: ['runs', 'list'] });
      await navigate({ to: '/runs/$id', params: { id: next.id } });
    },
  });
  const askCancel = {
    title: 'Cancel this run?',
    text: `The steps that run now are stopped. What they delivered already stays delivered.`,
    confirm: 'Cancel the run',
    isDanger: true,
  };
  const askRerun = {
    title: 'Run it again?',
    text: `${run.draft ? `Draft ${run.version}` : `Version ${run.version}`} runs again from the start with the same parameters. It delivers again where the flow delivers.`,
    confirm: 'Run again',
  };
  return (
    <>
      <CopyRunMenu run={run} />
      {canCancel && !isFinal(run.state) && (
        <ConfirmButton ask={askCancel} mutation={cancel} disabled={run.state === 'cancelling'} leftSection={<IconPlayerStop size={16} aria-hidden />}>
          Cancel
        </ConfirmButton>
      )}
      {canRun && isFinal(run.state) && (
        <ConfirmButton ask={askRerun} mutation={rerun} variant="filled" leftSection={<IconRefresh size={16} aria-hidden />}>
          Re-run
        </ConfirmButton>
      )}
    </>
  );
}
