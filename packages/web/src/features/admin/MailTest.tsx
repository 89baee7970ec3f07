import { Alert, Button, Group, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { testMail } from '@tidewheel/client/routes';
import { type FormEvent, useState } from 'react';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { formatDuration } from '../../shared/format.ts';
import { meQuery } from '../../shared/session.ts';

/** Sends a mail now and shows what the mail server said. */
export function MailTest() {
  const queries = useQueryClient();
  const me = useQuery(meQuery).data;
  const [to, setTo] = useState<string | null>(null);
  const address = to ?? me?.email ?? '';
  const test = useMutation({
    mutationFn: () => api.call(testMail, { body: { to: address } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['mail', 'outbox'] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    test.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group align="flex-end" gap="xs">
          <TextInput label="Send a test mail to" type="email" required value={address} onChange={(event) => setTo(event.currentTarget.value)} w={280} />
          <Button type="submit" variant="default" loading={test.isPending}>
            Send
          </Button>
        </Group>
        {test.error && <ErrorNotice error={test.error} />}
        {test.data && (
          <Alert
            role="status"
            color="green"
            variant="light"
            styles={{ title: { color: 'var(--mantine-color-text)' } }}
            title={`Sent in ${formatDuration(test.data.ms)}`}
          >
            {test.data.answer}
          </Alert>
        )}
      </Stack>
    </form>
  );
}
