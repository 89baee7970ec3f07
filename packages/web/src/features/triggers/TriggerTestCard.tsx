import { Button, Code, Group, Text, Title } from '@mantine/core';
import { IconFlask } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { testTrigger } from '@tidewheel/client/routes';
import type { Trigger, TriggerTest } from '@tidewheel/contract/trigger';
import { api } from '../../shared/api.ts';
import { CopyButton } from '../../shared/CopyText.tsx';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { StatusBadge } from '../../shared/StatusBadge.tsx';

/** What it would fire for now; of a webhook, a call to try. */
export function TriggerTestCard({ trigger }: { trigger: Trigger }) {
  const test = useMutation({ mutationFn: () => api.call(testTrigger, { params: { slug: trigger.slug } }) });
  return (
    <section className="tw-card" style={{ padding: '16px 20px' }} aria-label="Test">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h3">
          Test
        </Title>
        <Button size="xs" variant="default" loading={test.isPending} onClick={() => test.mutate()} leftSection={<IconFlask size={14} aria-hidden />}>
          {trigger.kind === 'webhook' ? 'Show a call' : 'Look now'}
        </Button>
      </Group>
      {test.error && <ErrorNotice error={test.error} />}
      {test.data ? (
        <Report report={test.data} />
      ) : (
        <Text size="sm" c="dimmed">
          Nothing is fired and nothing is changed.
        </Text>
      )}
    </section>
  );
}

function Report({ report }: { report: TriggerTest }) {
  return (
    <>
      <StatusBadge state={report.ok ? 'passed' : 'failed'} bare />
      <Text size="sm" mb="xs" style={{ overflowWrap: 'anywhere' }}>
        {report.summary}
      </Text>
      {report.lines.map(({ title, detail }, index) => (
        // Two mails may have the same subject.
        // biome-ignore lint/suspicious/noArrayIndexKey: a report never changes
        <Text key={index} size="sm">
          <strong>{title}</strong>
          {detail !== '' && `: ${detail}`}
        </Text>
      ))}
      {report.sample && (
        <>
          <Group justify="space-between">
            <Text size="sm" fw={500}>
              A call
            </Text>
            <CopyButton value={report.sample.curl} label="the call" />
          </Group>
          <Code block style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {report.sample.curl}
          </Code>
          <Text size="sm" c="dimmed" mt="xs">
            What comes stands in the history below within seconds.
          </Text>
        </>
      )}
    </>
  );
}
