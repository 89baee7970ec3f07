import { ActionIcon, Button, Group, Menu, NumberInput, Select, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { CalendarRule } from '@tidewheel/contract/calendar';
import { combinedKinds, deepest, kindTitles, newRule, simpleKinds } from './new-rule.ts';
import { type Combined, RuleFields } from './RuleFields.tsx';
import classes from './RuleList.module.css';

interface RuleListProps {
  label: string;
  rules: readonly CalendarRule[];
  onChange: (rules: CalendarRule[]) => void;
  /** How deep it stands, from 1. */
  level?: number;
}

/** Rules one under the other, each with its fields; a day is off when any of them says so. */
export function RuleList({ label, rules, onChange, level = 1 }: RuleListProps) {
  return (
    <Stack gap="sm" role="group" aria-label={label}>
      {keyed(rules).map(({ key, rule, at }) => (
        <RuleCard
          key={key}
          rule={rule}
          place={`${label} ${at + 1}`}
          level={level}
          onChange={(next) => onChange(rules.with(at, next))}
          onRemove={() => onChange(rules.toSpliced(at, 1))}
        />
      ))}
      <Group>
        <AddRule level={level} onAdd={(kind) => onChange([...rules, newRule(kind)])} />
      </Group>
    </Stack>
  );
}

/** Rules have no names: their place and kind keep the fields of each apart. */
function keyed(rules: readonly CalendarRule[]) {
  return rules.map((rule, at) => ({ rule, at, key: `${at} ${rule.kind}` }));
}

function isCombined(rule: CalendarRule): rule is Combined {
  return (combinedKinds as readonly string[]).includes(rule.kind);
}

interface RuleCardProps {
  rule: CalendarRule;
  place: string;
  level: number;
  onChange: (rule: CalendarRule) => void;
  onRemove?: () => void;
}

function RuleCard({ rule, place, level, onChange, onRemove }: RuleCardProps) {
  return (
    <fieldset className={classes['rule']}>
      <legend className={classes['legend']}>{kindTitles[rule.kind]}</legend>
      {onRemove && (
        <ActionIcon variant="subtle" color="gray" className={classes['remove']} aria-label={`Remove ${place}: ${kindTitles[rule.kind]}`} onClick={onRemove}>
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      )}
      {isCombined(rule) ? <CombinedFields rule={rule} level={level} onChange={onChange} /> : <RuleFields rule={rule} onChange={onChange} />}
    </fieldset>
  );
}

function AddRule({ level, onAdd }: { level: number; onAdd: (kind: CalendarRule['kind']) => void }) {
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button variant="default" size="xs" leftSection={<IconPlus size={14} aria-hidden />}>
          Add a rule
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {simpleKinds.map((kind) => (
          <Menu.Item key={kind} onClick={() => onAdd(kind)}>
            {kindTitles[kind]}
          </Menu.Item>
        ))}
        {level < deepest && (
          <>
            <Menu.Divider />
            <Text size="xs" c="dimmed" px="sm" py={4}>
              Combine
            </Text>
            {combinedKinds.map((kind) => (
              <Menu.Item key={kind} onClick={() => onAdd(kind)}>
                {kindTitles[kind]}
              </Menu.Item>
            ))}
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function CombinedFields({ rule, level, onChange }: { rule: Combined; level: number; onChange: (rule: Combined) => void }) {
  const inner = level + 1;
  if (rule.kind === 'shift')
    return (
      <Stack gap="sm">
        <NumberInput
          label="Days later (earlier when negative)"
          w={240}
          min={-366}
          max={366}
          allowDecimal={false}
          value={rule.days}
          onChange={(days) => onChange({ ...rule, days: Number(days) || 0 })}
        />
        <Exchangeable place="What is moved" rule={rule.rule} level={inner} onChange={(moved) => onChange({ ...rule, rule: moved })} />
      </Stack>
    );
  if (rule.kind === 'minus')
    return (
      <Stack gap="sm">
        <Exchangeable place="Off" rule={rule.from} level={inner} onChange={(from) => onChange({ ...rule, from })} />
        <Text size="sm">but business days are those of</Text>
        <RuleList label="Without" rules={rule.without} level={inner} onChange={(without) => onChange({ ...rule, without })} />
      </Stack>
    );
  return <RuleList label={rule.kind === 'union' ? 'Any of' : 'All of'} rules={rule.of} level={inner} onChange={(of) => onChange({ ...rule, of })} />;
}

const kindChoices = [...simpleKinds, 'union' as const].map((kind) => ({ value: kind, label: kindTitles[kind] }));

/** The one rule of a combination: it can become one of another kind. */
function Exchangeable({ place, rule, level, onChange }: { place: string; rule: CalendarRule; level: number; onChange: (rule: CalendarRule) => void }) {
  return (
    <Stack gap={6}>
      <Select label={place} data={kindChoices} value={rule.kind} allowDeselect={false} onChange={(kind) => kind !== null && onChange(newRule(kind))} />
      <RuleCard rule={rule} place={place} level={level} onChange={onChange} />
    </Stack>
  );
}
