import { Checkbox, ScrollArea, Stack, Switch, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ColorRule } from '@tidewheel/contract/color-rule';
import { useState } from 'react';
import { FormDialog } from '../../../shared/FormDialog.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { rulesQuery } from '../rules/rules.queries.ts';

interface Props {
  onApply(how: { rules?: string[] | undefined; reorder: boolean }): void;
  onClose(): void;
}

/** All rules of the desk, or some of them, over the rows as they are now. */
export function ApplyRulesDialog({ onApply, onClose }: Props) {
  const query = useQuery(rulesQuery(false));
  const [left, setLeft] = useState<readonly string[]>([]);
  const [reorder, setReorder] = useState(true);
  const active = query.data?.filter((rule) => rule.active) ?? [];
  const apply = () => {
    onApply({ ...(left.length === 0 ? {} : { rules: active.map(({ id }) => id).filter((id) => !left.includes(id)) }), reorder });
    onClose();
  };
  return (
    <FormDialog
      title="Apply rules"
      action="Apply"
      mutation={{ mutate: apply, isPending: false, error: null }}
      onClose={onClose}
      disabled={query.data === undefined}
    >
      <Text size="sm">What you or others excluded, included or coloured by hand stays.</Text>
      <Loaded query={query} lines={3}>
        {() => <RuleChoice rules={active} left={left} onChange={setLeft} />}
      </Loaded>
      <Switch
        label="Sort anew"
        description="Off: every row stays where it is"
        checked={reorder}
        onChange={(event) => setReorder(event.currentTarget.checked)}
      />
    </FormDialog>
  );
}

/** All are chosen but those that are left out. */
export function RuleChoice({ rules, left, onChange }: { rules: ColorRule[]; left: readonly string[]; onChange: (left: string[]) => void }) {
  if (rules.length === 0) return <Text size="sm">The desk has no active rules.</Text>;
  return (
    <ScrollArea.Autosize mah={280} viewportProps={{ tabIndex: 0, role: 'group', 'aria-label': 'Rules' }}>
      <Stack gap="xs">
        {rules.map(({ id, kind, title }) => (
          <Checkbox
            key={id}
            label={title}
            description={kind === 'exclude' ? 'excludes' : 'colours'}
            checked={!left.includes(id)}
            onChange={(event) => onChange(event.currentTarget.checked ? left.filter((one) => one !== id) : [...left, id])}
          />
        ))}
      </Stack>
    </ScrollArea.Autosize>
  );
}
