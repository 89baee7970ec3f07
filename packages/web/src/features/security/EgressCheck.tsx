import { Alert, Button, Group, NumberInput, Select, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { checkEgress } from '@tidewheel/client/routes';
import { type FormEvent, useState } from 'react';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';

const kinds = [
  { value: 'http', label: 'A web address (sign-in, webhook)' },
  { value: 'host', label: 'A connection to a system' },
];

/** Asks the policy about one place; nothing is sent there. */
export function EgressCheck() {
  const [host, setHost] = useState('');
  const [port, setPort] = useState(443);
  const [kind, setKind] = useState<'http' | 'host'>('http');
  const check = useMutation({ mutationFn: () => api.call(checkEgress, { body: { host, port, class: kind } }) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    check.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group align="flex-end" gap="sm">
          <TextInput label="Host" required w={260} value={host} onChange={(event) => setHost(event.currentTarget.value.trim())} />
          <NumberInput
            label="Port"
            required
            w={110}
            min={1}
            max={65_535}
            allowDecimal={false}
            value={port}
            onChange={(value) => setPort(Number(value) || 443)}
          />
          <Select label="As" w={290} data={kinds} value={kind} allowDeselect={false} onChange={(value) => setKind(value === 'host' ? 'host' : 'http')} />
          <Button type="submit" variant="default" loading={check.isPending}>
            Check
          </Button>
        </Group>
        {check.error && <ErrorNotice error={check.error} />}
        {check.data && (
          <Alert color={check.data.allowed ? 'green' : 'red'} title={check.data.allowed ? 'It would be let out' : 'It would be refused'} role="status">
            {check.data.allowed ? `To ${check.data.addresses.join(', ')}` : check.data.reason}
          </Alert>
        )}
      </Stack>
    </form>
  );
}
