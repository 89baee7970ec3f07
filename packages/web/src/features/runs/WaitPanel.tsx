import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconBellRinging, IconWritingSign } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { showCallback } from '@tidewheel/client/routes';
import type { Run, StepRun } from '@tidewheel/contract/run';
import { api } from '../../shared/api.ts';
import { CopyText } from '../../shared/CopyText.tsx';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { LinkButton } from '../../shared/LinkButton.tsx';
import { SignalDialog } from './SignalDialog.tsx';

/** What somebody can do for a step that waits: send its signal, hand on its address, decide. */
export function WaitPanel({ run, wait, canRun }: { run: Run; wait: NonNullable<StepRun['wait']>; canRun: boolean }) {
  if (wait.kind === 'approval')
    return (
      <Group>
        <LinkButton to="/approvals/$id" params={{ id: wait.id }} size="xs" leftSection={<IconWritingSign size={14} aria-hidden />}>
          Open the approval
        </LinkButton>
      </Group>
    );
  if (!canRun || wait.name === null) return null;
  if (wait.kind === 'signal') return <SignalButton run={run} name={wait.name} />;
  return wait.kind === 'callback' ? <CallbackAddress run={run.id} name={wait.name} /> : null;
}

function SignalButton({ run, name }: { run: Run; name: string }) {
  const [opened, dialog] = useDisclosure(false);
  return (
    <Group>
      <Button size="xs" leftSection={<IconBellRinging size={14} aria-hidden />} onClick={dialog.open}>
        Send signal
      </Button>
      {opened && <SignalDialog run={run.id} name={name} onClose={dialog.close} />}
    </Group>
  );
}

function CallbackAddress({ run, name }: { run: string; name: string }) {
  const query = useQuery({ queryKey: ['runs', 'callback', run, name], queryFn: () => api.call(showCallback, { params: { id: run, name } }) });
  if (query.error) return <ErrorNotice error={query.error} />;
  if (!query.data) return null;
  return (
    <Stack gap={4}>
      <Text size="sm">Called back at</Text>
      <span style={{ overflowWrap: 'anywhere' }}>
        <CopyText value={query.data.url} label="the address" />
      </span>
      <Text size="xs" c="dimmed">
        Whoever has this address can answer, without an account: give it to the system that is to call, and to nobody else.
      </Text>
    </Stack>
  );
}
