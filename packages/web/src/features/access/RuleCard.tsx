import { ActionIcon, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { attributes, attributesOf, type Rule } from '@tidewheel/contract/access';
import { ConditionEditor } from './ConditionEditor.tsx';
import { PermissionGrid } from './PermissionGrid.tsx';

/** One rule: what it allows or denies, and on which objects. */
export function RuleCard({
  rule,
  number,
  onChange,
  onRemove,
  disabled,
}: {
  rule: Rule;
  number: number;
  onChange: (rule: Rule) => void;
  onRemove: () => void;
  disabled: boolean;
}) {
  const all = [...new Set(Object.values(attributes).flat())] as string[];
  const fitting =
    rule.permissions.length === 0 ? [] : all.filter((attribute) => rule.permissions.every((permission) => attributesOf(permission).includes(attribute)));
  return (
    <section className="tw-card" style={{ padding: 16 }} aria-label={`Rule ${number}`}>
      <Stack gap="sm">
        <Group justify="space-between">
          <SegmentedControl
            size="xs"
            aria-label={`Rule ${number} allows or denies`}
            data={[
              { value: 'allow', label: 'Allows' },
              { value: 'deny', label: 'Denies' },
            ]}
            value={rule.effect}
            disabled={disabled}
            onChange={(effect) => onChange({ ...rule, effect: effect as Rule['effect'] })}
          />
          {!disabled && (
            <ActionIcon variant="default" aria-label={`Remove rule ${number}`} onClick={onRemove}>
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          )}
        </Group>
        <PermissionGrid
          label={`Permissions of rule ${number}`}
          value={rule.permissions}
          disabled={disabled}
          onChange={(permissions) => onChange({ ...rule, permissions })}
        />
        {fitting.length > 0 || rule.where ? (
          <ConditionEditor attributes={fitting} value={rule.where} disabled={disabled} onChange={({ ...where } = {}) => onChange(withWhere(rule, where))} />
        ) : (
          <Text size="sm" c="dimmed">
            {rule.permissions.length === 0 ? 'Choose what it is about.' : 'On everything: these permissions have no condition in common.'}
          </Text>
        )}
      </Stack>
    </section>
  );
}

function withWhere({ where: _old, ...rule }: Rule, where: NonNullable<Rule['where']>): Rule {
  return Object.keys(where).length === 0 ? rule : { ...rule, where };
}
