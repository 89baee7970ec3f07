import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { saveSsoMapping } from '@tidewheel/client/routes';
import type { SsoMapping, SsoProvider, SsoRule } from '@tidewheel/contract/routes/sso';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { announce } from '../../shared/notify.ts';
import { meQuery } from '../../shared/session.ts';
import { DryRun } from './DryRun.tsx';
import { OtherwiseRow, RuleRow } from './RuleRow.tsx';

interface Keyed {
  key: number;
  rule: SsoRule;
}

let lastKey = 0;
const keyed = (rule: SsoRule): Keyed => {
  lastKey += 1;
  return { key: lastKey, rule };
};

/** The rules in their order, saved or not, and what they would do. */
export function MappingEditor({ provider }: { provider: SsoProvider }) {
  const queries = useQueryClient();
  const workspace = useQuery(meQuery).data?.workspace.slug ?? 'main';
  const [rows, setRows] = useState(() => provider.mapping.rules.map(keyed));
  const [otherwise, setOtherwise] = useState(provider.mapping.otherwise);
  const mapping: SsoMapping = { rules: rows.map(({ rule }) => rule), otherwise };
  const isChanged = JSON.stringify(mapping) !== JSON.stringify(provider.mapping);
  const save = useMutation({
    mutationFn: () => api.call(saveSsoMapping, { params: { slug: provider.slug }, body: mapping }),
    onSuccess: async () => {
      announce('The rules are saved; they hold from the next sign-in of each person on.');
      await queries.invalidateQueries({ queryKey: ['sso'] });
    },
  });
  const move = (index: number, by: number) => {
    const moved = [...rows];
    const [row] = moved.splice(index, 1);
    if (row) moved.splice(index + by, 0, row);
    setRows(moved);
  };
  return (
    <Stack gap="lg">
      <section className="tw-card" style={{ padding: 16 }}>
        <Title order={2} mb={4}>
          Rules
        </Title>
        <Text c="dimmed" size="sm" mb="md">
          In each workspace the first rule that fits decides. They are asked at every sign-in: a role goes when its group goes. Roles that were set by hand are
          not touched.
        </Text>
        <Stack gap="xs">
          {rows.map(({ key, rule }, index) => (
            <RuleRow
              key={key}
              number={index + 1}
              rule={rule}
              groupsClaim={provider.groupsClaim}
              onChange={(changed) => setRows(rows.map((row) => (row.key === key ? { key, rule: changed } : row)))}
              onRemove={() => setRows(rows.filter((row) => row.key !== key))}
              onUp={index === 0 ? undefined : () => move(index, -1)}
              onDown={index === rows.length - 1 ? undefined : () => move(index, 1)}
            />
          ))}
        </Stack>
        <Button
          variant="default"
          mt="xs"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => setRows([...rows, keyed({ operator: 'contains', value: '', workspace, role: 'viewer' })])}
        >
          Add a rule
        </Button>
        <OtherwiseRow otherwise={otherwise} workspace={workspace} onChange={setOtherwise} />
        {save.error && <ErrorNotice error={save.error} />}
        <Group mt="md">
          <Button onClick={() => save.mutate()} loading={save.isPending} disabled={!isChanged}>
            Save the rules
          </Button>
          {isChanged && (
            <Text size="sm" role="status">
              Not saved yet. Try them below first.
            </Text>
          )}
        </Group>
      </section>
      <DryRun provider={provider} mapping={mapping} />
    </Stack>
  );
}
