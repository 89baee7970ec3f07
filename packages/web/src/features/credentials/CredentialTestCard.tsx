import { Button, Group, Text, Title } from '@mantine/core';
import { IconCircleCheck, IconCircleDashed, IconCircleX, IconPlugConnected } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { testCredential } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { formatDuration } from '../../shared/format.ts';
import classes from './Credential.module.css';

/** Really tries the credential, and says what was proven and what was not. */
export function CredentialTestCard({ slug }: { slug: string }) {
  const test = useMutation({ mutationFn: () => api.call(testCredential, { params: { slug }, body: {} }) });
  const result = test.data;
  return (
    <section className={`tw-card ${classes['card']}`} aria-label="Test" aria-live="polite" aria-busy={test.isPending}>
      <Group justify="space-between">
        <Title order={2}>Test</Title>
        <Button variant="default" size="xs" loading={test.isPending} onClick={() => test.mutate()} leftSection={<IconPlugConnected size={14} aria-hidden />}>
          Test
        </Button>
      </Group>
      {test.error && <ErrorNotice error={test.error} onRetry={() => test.mutate()} />}
      {!result && !test.error && (
        <Text size="sm" c="dimmed" mt={4}>
          Opens the secret and tries it where that is possible: through a connection that uses it, or at who issued it.
        </Text>
      )}
      {result && (
        <>
          <Text size="sm" mt={4} c={result.ok ? 'var(--tw-ok)' : 'var(--tw-fail)'} fw={600}>
            {result.ok ? 'All checks passed' : 'It does not work'} ({formatDuration(result.ms)})
          </Text>
          <ul className={classes['checks']}>
            {result.checks.map((check) => (
              <li key={check.name} data-ok={check.ok}>
                {check.ok ? <IconCircleCheck size={18} aria-label="passed" /> : <IconCircleX size={18} aria-label="failed" />}
                <div>
                  <Text fw={600} size="sm">
                    {check.name}
                  </Text>
                  <Text size="sm">{check.detail}</Text>
                  {check.hint && (
                    <Text size="sm" c="dimmed">
                      {check.hint}
                    </Text>
                  )}
                </div>
              </li>
            ))}
            {result.notProven.map((what) => (
              <li key={what} data-ok="open">
                <IconCircleDashed size={18} aria-label="not proven" />
                <div>
                  <Text fw={600} size="sm">
                    Not proven
                  </Text>
                  <Text size="sm">{what}</Text>
                </div>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
