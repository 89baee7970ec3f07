import { ActionIcon, Group, Stack, Text, Title } from '@mantine/core';
import { IconAlignLeft, IconStack3, IconTable, IconTableOff, IconX } from '@tabler/icons-react';
import { isFinal } from '@tidewheel/client/states';
import type { Run, StepRun } from '@tidewheel/contract/run';
import { formatBytes, formatCount } from '../../shared/format.ts';
import { LinkButton } from '../../shared/LinkButton.tsx';
import { PairList } from '../../shared/PairList.tsx';
import { ScrollBox } from '../../shared/ScrollBox.tsx';
import { StatusBadge } from '../../shared/StatusBadge.tsx';
import { BelowBar } from './BelowBar.tsx';
import { CheckList } from './CheckList.tsx';
import { RerunButton, useRunRights } from './RunActions.tsx';
import { StepProgressBar } from './StepProgressBar.tsx';
import { StoredErrorPanel } from './StoredErrorPanel.tsx';
import { stepFacts } from './step-facts.tsx';
import { WaitPanel } from './WaitPanel.tsx';
import { StepReason } from './WhyNotice.tsx';

/** Everything about one step of a run. */
export function StepPanel({ run, step, onClose }: { run: Run; step: StepRun; onClose: () => void }) {
  const { canRun, canRerun } = useRunRights(run);
  const here = { to: '/runs/$id', params: { id: run.id }, replace: true, resetScroll: false } as const;
  return (
    <div className="tw-card" style={{ padding: 16 }}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Title order={2}>{step.step}</Title>
          <Text size="sm" c="dimmed">
            {step.use}
          </Text>
        </div>
        <ActionIcon variant="subtle" color="gray" aria-label="Close the step" onClick={onClose}>
          <IconX size={18} aria-hidden />
        </ActionIcon>
      </Group>
      <Stack gap="sm" mt="xs">
        <Group gap="xs">
          <StatusBadge state={step.state} />
        </Group>
        {step.children ? <BelowBar step={step} /> : <StepProgressBar step={step} />}
        <StepReason run={run} step={step} />
        {step.wait && <WaitPanel run={run} wait={step.wait} canRun={canRun} />}
        {step.error && <StoredErrorPanel error={step.error} />}
        <PairList pairs={stepFacts(step)} />
        <Group gap="xs">
          {step.children && (
            <LinkButton {...here} search={{ step: step.step, tab: 'items' }} size="xs" variant="default" leftSection={<IconStack3 size={14} aria-hidden />}>
              Items
            </LinkButton>
          )}
          {(step.hasPreview || step.table) && (
            <LinkButton {...here} search={{ step: step.step, tab: 'rows' }} size="xs" variant="default" leftSection={<IconTable size={14} aria-hidden />}>
              Preview rows
            </LinkButton>
          )}
          {step.rejected && step.rejected.rows > 0 && (
            <LinkButton
              {...here}
              search={{ step: step.step, tab: 'rows', which: 'rejected' }}
              size="xs"
              variant="default"
              leftSection={<IconTableOff size={14} aria-hidden />}
            >
              {formatCount(step.rejected.rows)} rejected rows
            </LinkButton>
          )}
          <LinkButton {...here} search={{ step: step.step, tab: 'logs' }} size="xs" variant="default" leftSection={<IconAlignLeft size={14} aria-hidden />}>
            Log
          </LinkButton>
          {canRerun && isFinal(run.state) && !step.step.includes('.') && <RerunButton run={run} step={step.step} />}
        </Group>
        {step.checks.length > 0 && <CheckList checks={step.checks} />}
        {step.files.length > 0 && <PairList title="Files" pairs={step.files.map((file) => [file.name, formatBytes(file.size)])} />}
        {step.value !== null && step.value !== undefined && (
          <div>
            <Title order={3}>Value</Title>
            <ScrollBox label="Value" style={{ maxHeight: 280 }}>
              <pre className="tw-mono" style={{ margin: 0, fontSize: 12 }}>
                {JSON.stringify(step.value, null, 2)}
              </pre>
            </ScrollBox>
          </div>
        )}
      </Stack>
    </div>
  );
}
