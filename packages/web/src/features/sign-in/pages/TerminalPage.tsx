import { Button, Group, Stack, Text } from '@mantine/core';
import { IconTerminal2 } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { allowTerminal } from '@tidewheel/client/routes';
import { api } from '../../../shared/api.ts';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { ErrorNotice } from '../../../shared/ErrorNotice.tsx';
import { OnceSecret } from '../../../shared/OnceSecret.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { meQuery } from '../../../shared/session.ts';

const route = getRouteApi('/app/terminal');

const outcomes = {
  done: ['The terminal is signed in', 'You can close this page and go on there.'],
  refused: ['The terminal was not let in', 'Nothing was given to it. If you did not start it, somebody else may have.'],
  failed: ['The terminal could not sign in', 'It says why. Run the command there again.'],
} as const;

/** Where `tidewheel login --browser` leads: a person who is signed in here lets the terminal in, or does not. */
export function TerminalPage() {
  const { outcome, challenge, title, port, state } = route.useSearch();
  return (
    <>
      <PageHeader title="Sign in a terminal" />
      {outcome !== undefined ? (
        <EmptyState icon={IconTerminal2} title={outcomes[outcome][0]}>
          {outcomes[outcome][1]}
        </EmptyState>
      ) : challenge === undefined ? (
        <EmptyState icon={IconTerminal2} title="No terminal asks">
          Run <code>tidewheel login --browser</code> there, and open the address that it prints.
        </EmptyState>
      ) : (
        <Asked challenge={challenge} title={title ?? 'command line'} way={port !== undefined && state !== undefined ? { port, state } : null} />
      )}
    </>
  );
}

interface Asking {
  challenge: string;
  title: string;
  /** Where the terminal listens, on this machine; null: the person carries the code. */
  way: { port: number; state: string } | null;
}

// Always this machine: a code that went elsewhere would let somebody else in.
function goBack({ port, state }: { port: number; state: string }, answer: { code: string } | { error: 'refused' }): void {
  window.location.assign(`http://127.0.0.1:${port}/?${new URLSearchParams({ ...answer, state })}`);
}

function Asked({ challenge, title, way }: Asking) {
  const me = useQuery(meQuery).data;
  const navigate = route.useNavigate();
  const allow = useMutation({
    mutationFn: () => api.call(allowTerminal, { body: { challenge, title } }),
    onSuccess: ({ code }) => way && goBack(way, { code }),
  });
  const refuse = () => (way ? goBack(way, { error: 'refused' }) : void navigate({ search: { outcome: 'refused' } }));
  if (allow.data && way === null)
    return (
      <Stack gap="sm" maw={560} className="tw-card" p="md">
        <Text>Paste this code into the terminal, within five minutes. It works once. Give it to nobody.</Text>
        <OnceSecret value={allow.data.code} label="Code for the terminal" />
      </Stack>
    );
  return (
    <Stack gap="sm" maw={560} className="tw-card" p="md">
      <Text>
        A terminal that calls itself <strong>{title}</strong> wants to sign in as <strong>{me?.email}</strong> and do what you may do.
      </Text>
      <Text c="dimmed" size="sm">
        Let it in only if you have just run <code>tidewheel login</code> there yourself.
        {way === null && ' It shows a code then: whoever else asks you for that code wants to act as you.'}
      </Text>
      {allow.error && <ErrorNotice error={allow.error} />}
      <Group gap="xs">
        <Button onClick={() => allow.mutate()} loading={allow.isPending || allow.isSuccess}>
          Let it in
        </Button>
        <Button variant="default" onClick={refuse} disabled={allow.isPending || allow.isSuccess}>
          Do not
        </Button>
      </Group>
    </Stack>
  );
}
