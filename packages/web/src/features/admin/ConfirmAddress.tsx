import { Alert, Button, Group, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { askVerification } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';

/** For an address that was not confirmed yet: a forgotten password cannot be reset by mail until it is. */
export function ConfirmAddress({ email }: { email: string }) {
  const ask = useMutation({ mutationFn: () => api.call(askVerification) });
  return (
    <Alert color="yellow" variant="light" styles={{ title: { color: 'var(--mantine-color-text)' } }} title="Your address is not confirmed" mb="md" maw={560}>
      {ask.data ? (
        <Text role="status">A link is on its way to {email}.</Text>
      ) : (
        <>
          <Text size="sm" mb="xs">
            Until it is, you cannot reset a forgotten password by mail.
          </Text>
          {ask.error && <ErrorNotice error={ask.error} />}
          <Group>
            <Button size="xs" variant="default" loading={ask.isPending} onClick={() => ask.mutate()}>
              Mail me a link
            </Button>
          </Group>
        </>
      )}
    </Alert>
  );
}
