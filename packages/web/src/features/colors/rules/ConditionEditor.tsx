import { ActionIcon, Button, Group, NumberInput, SegmentedControl, Select, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { type ColorComparison, type ColorCondition, type ColorOperator, colorOperators, operatorKind, operatorsOf } from '@tidewheel/contract/color-rule';
import classes from './ConditionEditor.module.css';
import { fieldChoices, fieldTitle, newComparison } from './condition-words.ts';

interface EditorProps {
  condition: ColorCondition;
  onChange: (condition: ColorCondition) => void;
  /** What people hear it called. */
  label: string;
  depth?: number;
}

const deepest = 8;

/** Comparisons in groups: a group holds when all, or any, of its parts do. */
export function ConditionEditor({ condition, onChange, label, depth = 1 }: EditorProps) {
  const parts = partsOf(condition);
  const joins = 'any' in condition ? 'any' : 'all';
  const set = (next: ColorCondition[], how = joins) => onChange(how === 'any' ? { any: next } : { all: next });
  return (
    <fieldset className={classes['group']} aria-label={label}>
      <Stack gap="sm">
        {parts.length > 1 && (
          <SegmentedControl
            size="xs"
            style={{ alignSelf: 'start' }}
            data={[
              { value: 'all', label: 'All of these' },
              { value: 'any', label: 'Any of these' },
            ]}
            value={joins}
            onChange={(how) => set(parts, how === 'any' ? 'any' : 'all')}
            aria-label={`How the parts of ${label} are joined`}
          />
        )}
        {keyed(parts).map(({ part, at, key }) => (
          <Group key={key} gap="xs" align="end" wrap="nowrap">
            <div style={{ flex: 1, minWidth: 0 }}>
              {'field' in part ? (
                <ComparisonFields comparison={part} place={`${label}, part ${at + 1}`} onChange={(next) => set(parts.with(at, next))} />
              ) : (
                <ConditionEditor condition={part} label={`${label}, group ${at + 1}`} depth={depth + 1} onChange={(next) => set(parts.with(at, next))} />
              )}
            </div>
            {parts.length > 1 && (
              <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Remove part ${at + 1} of ${label}`} onClick={() => set(parts.toSpliced(at, 1))}>
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            )}
          </Group>
        ))}
        <Group gap="xs">
          <Button variant="default" size="xs" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => set([...parts, newComparison()])}>
            Add a comparison
          </Button>
          {depth < deepest && (
            <Button
              variant="default"
              size="xs"
              leftSection={<IconPlus size={14} aria-hidden />}
              onClick={() => set([...parts, joins === 'all' ? { any: [newComparison(), newComparison()] } : { all: [newComparison(), newComparison()] }])}
            >
              Add a group
            </Button>
          )}
        </Group>
      </Stack>
    </fieldset>
  );
}

function partsOf(condition: ColorCondition): ColorCondition[] {
  if ('field' in condition) return [condition];
  return 'all' in condition ? condition.all : condition.any;
}

/** Parts have no names: their place and kind keep the fields of each apart. */
function keyed(parts: ColorCondition[]) {
  return parts.map((part, at) => ({ part, at, key: `${at} ${'field' in part ? 'comparison' : 'group'}` }));
}

interface ComparisonProps {
  comparison: ColorComparison;
  place: string;
  onChange: (comparison: ColorComparison) => void;
}

function ComparisonFields({ comparison, place, onChange }: ComparisonProps) {
  const { field, operator } = comparison;
  const kind = operatorKind(field);
  const choices = field.startsWith('more.') ? [...fieldChoices, { value: field, label: fieldTitle(field) }] : fieldChoices;
  const pick = (next: ColorOperator) => {
    const { to: _, ...rest } = comparison;
    onChange({ ...rest, operator: next, ...(colorOperators[next].values === 2 ? { to: comparison.to ?? comparison.value } : {}) });
  };
  return (
    <Group gap="xs" align="end">
      <Select
        aria-label={`Field of ${place}`}
        data={[...choices, { value: 'more.', label: 'A free column …' }]}
        searchable
        w={160}
        value={field}
        allowDeselect={false}
        onChange={(next) => next !== null && onChange(newComparison(next))}
      />
      {field.startsWith('more.') && (
        <TextInput
          aria-label={`Header of ${place}`}
          placeholder="Its header"
          w={140}
          value={field.slice(5)}
          onChange={(event) => onChange({ ...comparison, field: `more.${event.currentTarget.value}` })}
        />
      )}
      <Select
        aria-label={`Comparison of ${place}`}
        data={operatorsOf(kind).map((name) => ({ value: name, label: colorOperators[name].title }))}
        w={170}
        value={operator}
        allowDeselect={false}
        onChange={(next) => next !== null && pick(next as ColorOperator)}
      />
      <ValueField kind={kind} label={`Value of ${place}`} value={comparison.value} onChange={(value) => onChange({ ...comparison, value })} />
      {comparison.to !== undefined && (
        <ValueField kind={kind} label={`Second value of ${place}`} value={comparison.to} onChange={(to) => onChange({ ...comparison, to })} />
      )}
    </Group>
  );
}

function ValueField({ kind, label, value, onChange }: { kind: string; label: string; value: string | number; onChange: (value: string | number) => void }) {
  if (kind === 'number')
    return (
      <NumberInput aria-label={label} w={120} hideControls decimalScale={9} value={value} onChange={(next) => onChange(next === '' ? '' : Number(next))} />
    );
  const placeholder = kind === 'date' ? '2026-01-31 or today-3' : undefined;
  return <TextInput aria-label={label} w={170} placeholder={placeholder} value={String(value)} onChange={(event) => onChange(event.currentTarget.value)} />;
}
