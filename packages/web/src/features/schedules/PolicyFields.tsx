import { NumberInput, Select, SimpleGrid } from '@mantine/core';
import type { SchedulePolicies } from '@tidewheel/contract/schedule';

const choices = {
  gap: [
    { value: 'runAfter', label: 'fires at the first moment after' },
    { value: 'skip', label: 'is left out' },
  ],
  overlap: [
    { value: 'once', label: 'fires the first time' },
    { value: 'twice', label: 'fires both times' },
  ],
  misfire: [
    { value: 'runOnce', label: 'the newest of them fires' },
    { value: 'runAll', label: 'each of them fires' },
    { value: 'skip', label: 'is left out' },
  ],
  runs: [
    { value: 'flow', label: 'as the flow says' },
    { value: 'queue', label: 'it waits for its turn' },
    { value: 'skip', label: 'it does not run' },
    { value: 'cancelPrevious', label: 'the earlier one is cancelled' },
  ],
};

/** What happens where a plan meets the world. */
export function PolicyFields({ policies, onChange }: { policies: SchedulePolicies; onChange: (policies: SchedulePolicies) => void }) {
  const choice = (name: keyof typeof choices, label: string) => (
    <Select
      label={label}
      data={choices[name]}
      value={policies[name]}
      onChange={(value) => value && onChange({ ...policies, [name]: value } as SchedulePolicies)}
      allowDeselect={false}
    />
  );
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
      {choice('gap', 'A time that the clocks leap over')}
      {choice('overlap', 'A time that occurs twice')}
      {choice('misfire', 'What was missed while nothing could fire')}
      <NumberInput
        label="Missed when later than (s)"
        value={policies.graceSeconds}
        onChange={(value) => onChange({ ...policies, graceSeconds: Number(value) })}
        min={1}
        max={604_800}
      />
      {policies.misfire === 'runAll' && (
        <NumberInput
          label="At most so many of them"
          value={policies.catchUp}
          onChange={(value) => onChange({ ...policies, catchUp: Number(value) })}
          min={1}
          max={1_000}
        />
      )}
      {choice('runs', 'While an earlier run is not over')}
    </SimpleGrid>
  );
}
