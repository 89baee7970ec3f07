import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlayerPause, IconPlayerPlay, IconPlayerStop, IconRefresh } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { cancelRun, pauseRun, resumeRun } from '@tidewheel/client/routes';
import { isFinal } from '@tidewheel/client/states';
import type { Run } from '@tidewheel/contract/run';
import { lazy, Suspense } from 'react';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { flowFolderQuery } from '../../shared/flow-queries.ts';
import { announce } from '../../shared/notify.ts';
import { useCan } from '../../shared/session.ts';
import { CopyRunMenu } from './CopyRunMenu.tsx';

const RerunDialog = lazy(async () => ({ default: (await import('./RerunDialog.tsx')).RerunDialog }));

/** What the signed-in person may do with a run. */
export function useRunRights(run: Run): { canOperate: boolean; canRun: boolean; canRerun: boolean } {
  // A run does not say where its flow is filed, which conditions can ask.
  const folder = useQuery(flowFolderQuery(run.flow)).data ?? null;
  const ofFlow = { flow: run.flow, folder, kind: run.kind };
  const canOperate = useCan('run.cancel', { ...ofFlow, startedBy: run.startedBy });
  // A run below another one is run again with that one.
  const canRun = useCan('flow.run', ofFlow);
  return { canOperate, canRun, canRerun: canRun && run.parent === null };
}

export function RunActions({ run }: { run: Run }) {
  const queries = useQueryClient();
  const { canOperate, canRerun } = useRunRights(run);
  const isLive = !isFinal(run.state);
  const cancel = useMutation({
    mutationFn: () => api.call(cancelRun, { params: { id: run.id } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['runs'] }),
  });
  const askCancel = {
    title: 'Cancel this run?',
    text: `The steps that run now are stopped. What they delivered already stays delivered.`,
    confirm: 'Cancel the run',
    isDanger: true,
  };
  return (
    <>
      <CopyRunMenu run={run} />
      {canOperate && isLive && run.state !== 'cancelling' && <PauseButton run={run} />}
      {canOperate && isLive && (
        <ConfirmButton ask={askCancel} mutation={cancel} disabled={run.state === 'cancelling'} leftSection={<IconPlayerStop size={16} aria-hidden />}>
          Cancel
        </ConfirmButton>
      )}
      {canRerun && isFinal(run.state) && <RerunButton run={run} />}
    </>
  );
}

function PauseButton({ run }: { run: Run }) {
  const queries = useQueryClient();
  const isPaused = run.pausedAt !== null;
  const change = useMutation({
    mutationFn: () => (isPaused ? api.call(resumeRun, { params: { id: run.id } }) : api.call(pauseRun, { params: { id: run.id } })),
    onSuccess: async () => {
      announce(isPaused ? 'It goes on.' : 'It is paused: what runs now ends, nothing further begins.');
      await queries.invalidateQueries({ queryKey: ['runs'] });
    },
  });
  const Icon = isPaused ? IconPlayerPlay : IconPlayerPause;
  return (
    <Button variant="default" loading={change.isPending} leftSection={<Icon size={16} aria-hidden />} onClick={() => change.mutate()}>
      {isPaused ? 'Resume' : 'Pause'}
    </Button>
  );
}

/** Asks from where, and says what that means. `step`: from there unless told otherwise. */
export function RerunButton({ run, step = null }: { run: Run; step?: string | null }) {
  const [opened, dialog] = useDisclosure(false);
  return (
    <>
      <Button
        size={step ? 'xs' : 'sm'}
        variant={step ? 'default' : 'filled'}
        leftSection={<IconRefresh size={step ? 14 : 16} aria-hidden />}
        onClick={dialog.open}
      >
        {step ? 'Run again from here' : 'Re-run'}
      </Button>
      {opened && (
        <Suspense fallback={null}>
          <RerunDialog run={run} step={step} onClose={dialog.close} />
        </Suspense>
      )}
    </>
  );
}
