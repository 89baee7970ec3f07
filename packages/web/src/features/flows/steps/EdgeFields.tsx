import { MultiSelect, Select, SimpleGrid } from '@mantine/core';
import type { StepTypeInfo } from '@tidewheel/contract/step-type';
import { isValues, type ListedStep, type ReadFlow, siblingsOf, textIn, textsOf, type Values } from '../../../flow-editor/document/read-flow.ts';
import { mayFollow } from '../../../flow-editor/document/step-edits.ts';

interface EdgeFieldsProps {
  flow: ReadFlow;
  step: ListedStep;
  type: StepTypeInfo | undefined;
  disabled: boolean;
  onFields: (change: { old: Values; next: Values }) => void;
}

const occasions = [
  { value: 'success', label: 'they succeeded' },
  { value: 'failure', label: 'they failed' },
  { value: 'always', label: 'they ended, either way' },
];

/** What a step waits for: the steps before it, and how these must have ended. */
export function EdgeFields({ flow, step, type, disabled, onFields }: EdgeFieldsProps) {
  const after = textsOf(step.values['after']);
  const from = textIn(step.values, 'from');
  const free = siblingsOf(flow, step.path)
    .map(({ id }) => id)
    .filter((id) => id !== step.id && mayFollow(flow, { step, before: id }));
  const set = (key: string, value: unknown) =>
    onFields({ old: step.values[key] === undefined ? {} : { [key]: step.values[key] }, next: value === undefined ? {} : { [key]: value } });
  const takes = type && type.inputs.carries !== 'none' && type.inputs.max !== 0 && !isValues(step.values['from']);
  return (
    <SimpleGrid cols={{ base: 1, sm: takes ? 3 : 2 }} spacing="sm">
      {takes && (
        <Select
          label="Takes table or file of"
          data={choices(free, from ? [from] : [])}
          value={from ?? null}
          clearable
          disabled={disabled}
          onChange={(next) => set('from', next ?? undefined)}
        />
      )}
      <MultiSelect
        label="Runs after"
        placeholder={after.length === 0 ? 'Nothing' : ''}
        data={choices(free, after)}
        value={after}
        disabled={disabled}
        onChange={(next) => set('after', next.length > 1 ? next : next[0])}
      />
      <Select
        label="When"
        data={occasions}
        value={textIn(step.values, 'on') ?? 'success'}
        allowDeselect={false}
        disabled={disabled}
        onChange={(next) => set('on', next === 'success' ? undefined : next)}
      />
    </SimpleGrid>
  );
}

/** Those that can be chosen, and those that are: a branch, or a step that is not there. */
function choices(free: readonly string[], chosen: readonly string[]): string[] {
  return [...new Set([...free, ...chosen])];
}
