import { Button, Group, SegmentedControl, Stack, Text, Textarea, TextInput, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { dryRunSso } from '@tidewheel/client/routes';
import type { DryRunPerson, DryRunSource, SsoMapping, SsoProvider } from '@tidewheel/contract/routes/sso';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { DryRunTable } from './DryRunTable.tsx';
import { claimsOf } from './pasted-claims.ts';

const sample = '{\n  "sub": "248289761001",\n  "email": "jane@example.org",\n  "email_verified": true,\n  "groups": ["tidewheel-operators"]\n}';
type Kind = DryRunSource['kind'];

interface Outcome {
  people: DryRunPerson[];
  next: string | null;
  total: number;
  /** The rules that it is of, as text. */
  of: string;
}

/** Tries the rules of the editor, saved or not, on claims; nothing is changed by it. */
export function DryRun({ provider, mapping }: { provider: SsoProvider; mapping: SsoMapping }) {
  const [kind, setKind] = useState<Kind>('all');
  const [email, setEmail] = useState('');
  const [text, setText] = useState(sample);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const rules = JSON.stringify(mapping);
  const sourceOf = (cursor: string | undefined): DryRunSource => {
    if (kind === 'user') return { kind, email: email.trim() };
    if (kind === 'claims') return { kind, claims: claimsOf(text) };
    return { kind: 'all', limit: 100, ...(cursor === undefined ? {} : { cursor }) };
  };
  const run = useMutation({
    mutationFn: async (cursor: string | undefined) => api.call(dryRunSso, { params: { slug: provider.slug }, body: { mapping, source: sourceOf(cursor) } }),
    onSuccess: ({ items, next, total }, cursor) =>
      setOutcome((before) => ({ people: cursor === undefined ? items : [...(before?.people ?? []), ...items], next, total, of: rules })),
  });
  return (
    <section className="tw-card" style={{ padding: 16 }} aria-label="Dry run">
      <Title order={2} mb={4}>
        Dry run
      </Title>
      <Text c="dimmed" size="sm" mb="md">
        Who would get which role by the rules above, saved or not, against what holds now. Nothing is changed.
      </Text>
      <Stack gap="sm">
        <SegmentedControl
          aria-label="On whom"
          size="xs"
          style={{ alignSelf: 'flex-start', maxWidth: '100%' }}
          value={kind}
          onChange={(value) => setKind(value as Kind)}
          data={[
            { value: 'all', label: 'Everybody' },
            { value: 'user', label: 'One account' },
            { value: 'claims', label: 'Pasted claims' },
          ]}
        />
        {kind === 'user' && (
          <TextInput
            label="E-mail of the account"
            description="With the claims of its last sign-in through this provider"
            type="email"
            maw={420}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
        )}
        {kind === 'claims' && (
          <Textarea
            label="Claims"
            description="JSON: an object, or a list of them"
            autosize
            minRows={6}
            maxRows={16}
            maw={700}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
        <Group>
          <Button variant="default" loading={run.isPending} onClick={() => run.mutate(undefined)}>
            Try the rules
          </Button>
          {outcome !== null && outcome.of !== rules && (
            <Text size="sm" role="status">
              The rules were changed since: try again.
            </Text>
          )}
        </Group>
        {run.error && <ErrorNotice error={run.error} />}
        {outcome && <DryRunTable people={outcome.people} total={outcome.total} />}
        {outcome?.next != null && (
          <Button variant="subtle" loading={run.isPending} onClick={() => run.mutate(outcome.next ?? undefined)}>
            More
          </Button>
        )}
      </Stack>
    </section>
  );
}
