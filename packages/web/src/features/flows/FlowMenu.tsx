import { Button, Group, Menu, Modal, Textarea } from '@mantine/core';
import { IconCalendarRepeat, IconDots, IconFileExport, IconGauge, IconPower, IconTerminal2, IconWorld } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { exportFlows, switchFlowOff, switchFlowOn } from '@tidewheel/client/routes';
import type { Flow } from '@tidewheel/contract/routes/flows';
import { type FormEvent, lazy, Suspense, useState } from 'react';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { announce } from '../../shared/notify.ts';
import { applyCommandOf, applyCurlOf } from './copy-flow.ts';

const BackfillDialog = lazy(async () => ({ default: (await import('./BackfillDialog.tsx')).BackfillDialog }));
const PerformanceDialog = lazy(async () => ({ default: (await import('./PerformanceDialog.tsx')).PerformanceDialog }));

function hasDate({ document }: Flow): boolean {
  return Object.values(document.parameters).some(({ type }) => type === 'date');
}

/** What is rarely done with a flow: copied elsewhere, switched off and on. */
export function FlowMenu({ flow, canEdit, canRun }: { flow: Flow; canEdit: boolean; canRun: boolean }) {
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const [isBackfilling, setBackfilling] = useState(false);
  const [isMeasuring, setMeasuring] = useState(false);
  const on = useMutation({
    mutationFn: () => api.call(switchFlowOn, { params: { slug: flow.slug } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['flows'] }),
    onError: (error) => announce(error.message),
  });
  const copy = (text: string, what: string) => void navigator.clipboard.writeText(text).then(() => announce(`${what} is on the clipboard.`));
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" loading={on.isPending} leftSection={<IconDots size={16} aria-hidden />}>
            More
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconFileExport size={16} aria-hidden />}
            component="a"
            href={api.addressOf(exportFlows, { query: { flows: flow.slug } })}
            download={`${flow.slug}.yaml`}
          >
            Export as YAML
          </Menu.Item>
          <Menu.Item leftSection={<IconTerminal2 size={16} aria-hidden />} onClick={() => copy(applyCommandOf(flow), 'The command')}>
            Copy as command line
          </Menu.Item>
          <Menu.Item leftSection={<IconWorld size={16} aria-hidden />} onClick={() => copy(applyCurlOf(flow, window.location.origin), 'The curl call')}>
            Copy as curl
          </Menu.Item>
          {canRun && flow.archivedAt === null && flow.off === null && hasDate(flow) && (
            <Menu.Item leftSection={<IconCalendarRepeat size={16} aria-hidden />} onClick={() => setBackfilling(true)}>
              Backfill…
            </Menu.Item>
          )}
          {canRun && flow.archivedAt === null && flow.off === null && (
            <Menu.Item leftSection={<IconGauge size={16} aria-hidden />} onClick={() => setMeasuring(true)}>
              Performance test…
            </Menu.Item>
          )}
          {canEdit && flow.archivedAt === null && (
            <Menu.Item leftSection={<IconPower size={16} aria-hidden />} onClick={() => (flow.off ? on.mutate() : setAsking(true))}>
              {flow.off ? 'Switch on' : 'Switch off…'}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {isBackfilling && (
        <Suspense fallback={null}>
          <BackfillDialog flow={flow} onClose={() => setBackfilling(false)} />
        </Suspense>
      )}
      {isMeasuring && (
        <Suspense fallback={null}>
          <PerformanceDialog flow={flow} onClose={() => setMeasuring(false)} />
        </Suspense>
      )}
      {isAsking && <OffDialog slug={flow.slug} onClose={() => setAsking(false)} />}
    </>
  );
}

function OffDialog({ slug, onClose }: { slug: string; onClose: () => void }) {
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const off = useMutation({
    mutationFn: () => api.call(switchFlowOff, { params: { slug }, body: { reason } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['flows'] });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    off.mutate();
  };
  return (
    <Modal opened onClose={onClose} title="Switch this flow off?" centered>
      <form onSubmit={submit}>
        <Textarea
          label="Why"
          description="It starts no more runs; whoever tries is told this. Runs that have begun go on."
          required
          autosize
          minRows={2}
          maxLength={1_000}
          data-autofocus
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {off.error && <ErrorNotice error={off.error} />}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={onClose}>
            Keep it on
          </Button>
          <Button type="submit" disabled={reason.trim() === ''} loading={off.isPending}>
            Switch off
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
