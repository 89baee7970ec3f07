import { Button, Group, Select, Stack, Text, Textarea, Title } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { decideApproval } from '@tidewheel/client/routes';
import { type Decision, formFaults } from '@tidewheel/contract/approval';
import type { Approval } from '@tidewheel/contract/routes/approvals';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { announce } from '../../shared/notify.ts';
import classes from '../../shared/Split.module.css';
import { DecisionField } from './DecisionField.tsx';

const myself = 'myself';

/** The form and the two buttons; for who cannot decide, why not. */
export function DecisionPanel({ approval }: { approval: Approval }) {
  const { you, outcome } = approval;
  return (
    <section className={`tw-card ${classes['card']}`} aria-label="Your decision">
      <Title order={2} mb="sm">
        Your decision
      </Title>
      {you.can ? <DecisionForm approval={approval} /> : <Text c={outcome === null ? undefined : 'dimmed'}>{you.why}</Text>}
    </section>
  );
}

function DecisionForm({ approval }: { approval: Approval }) {
  const { id, hash, form, you } = approval;
  const queries = useQueryClient();
  // A switch that nobody touched says no.
  const [values, setValues] = useState<Record<string, unknown>>(() =>
    Object.fromEntries(form.filter(({ type }) => type === 'boolean').map(({ name }) => [name, false])),
  );
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [comment, setComment] = useState('');
  const [chosen, setChosen] = useState<string>(you.as.includes(null) ? myself : (you.as[0] ?? myself));
  const decide = useMutation({
    mutationFn: (decision: Decision) =>
      api.call(decideApproval, {
        params: { id },
        body: { decision, hash, comment, form: values, onBehalfOf: chosen === myself ? undefined : chosen },
      }),
    onSuccess: async (after) => {
      queries.setQueryData(['approvals', 'one', id], after);
      announce(after.outcome === null ? `Noted: ${after.approved} of ${after.quorum} have approved.` : 'Decided.');
      await queries.invalidateQueries({ queryKey: ['approvals'] });
    },
    // Most of all: somebody else was faster.
    onError: () => queries.invalidateQueries({ queryKey: ['approvals'] }),
  });
  const ask = (decision: Decision) => {
    const found = formFaults(form, { values, decision });
    setFaults(Object.fromEntries(found.map(({ path, message }) => [path, message])));
    if (found.length === 0) decide.mutate(decision);
  };
  const set = (name: string) => (value: unknown) => setValues((old) => ({ ...old, [name]: value === '' ? undefined : value }));
  const isAsked = decide.isPending ? decide.variables : null;
  return (
    <Stack gap="sm">
      {you.as.length > 1 || you.as[0] !== null ? (
        <Select
          label="You decide"
          data={you.as.map((one) => ({ value: one ?? myself, label: one === null ? 'for yourself' : `for ${one}` }))}
          value={chosen}
          onChange={(value) => setChosen(value ?? myself)}
          allowDeselect={false}
        />
      ) : null}
      {form.map((field) => (
        <DecisionField key={field.name} field={field} fault={faults[`form.${field.name}`]} value={values[field.name]} onChange={set(field.name)} />
      ))}
      <Textarea
        label="Comment"
        description="For whoever reads it later"
        autosize
        minRows={2}
        maxLength={4_000}
        value={comment}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
      {decide.error && <ErrorNotice error={decide.error} />}
      <Group gap="xs" grow>
        <Button
          variant="default"
          leftSection={<IconX size={16} aria-hidden />}
          loading={isAsked === 'reject'}
          disabled={isAsked === 'approve'}
          onClick={() => ask('reject')}
        >
          Reject
        </Button>
        <Button
          leftSection={<IconCheck size={16} aria-hidden />}
          loading={isAsked === 'approve'}
          disabled={isAsked === 'reject'}
          onClick={() => ask('approve')}
        >
          Approve
        </Button>
      </Group>
      <Text size="xs" c="dimmed">
        A decision counts once and stays.{approval.rejectEnds ? ' One rejection ends the approval, and fails the step.' : ''}
      </Text>
    </Stack>
  );
}
