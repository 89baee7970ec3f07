import { Button, Group, Text, Title } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { testCredential } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import classes from '../../shared/Split.module.css';
import { TestChecks } from '../../shared/TestChecks.tsx';

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
      {result && <TestChecks result={result} failed="It does not work" notProven={result.notProven} />}
    </section>
  );
}
