import { NumberInput, Select, Switch, TextInput } from '@mantine/core';
import type { FormField } from '@tidewheel/contract/approval';

interface DecisionFieldProps {
  field: FormField;
  /** What is wrong with its value. */
  fault: string | undefined;
  value: unknown;
  onChange: (value: unknown) => void;
}

/** One field of the form of an approval. */
export function DecisionField({ field, fault, value, onChange }: DecisionFieldProps) {
  const shown = { label: field.title, required: field.required, error: fault };
  if (field.type === 'boolean') return <Switch label={field.title} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
  if (field.type === 'number') return <NumberInput {...shown} value={typeof value === 'number' ? value : ''} onChange={onChange} />;
  if (field.type === 'choice')
    return (
      <Select
        {...shown}
        data={field.choices ?? []}
        value={typeof value === 'string' ? value : null}
        onChange={(chosen) => onChange(chosen ?? '')}
        clearable={!field.required}
      />
    );
  return <TextInput {...shown} maxLength={4_000} value={typeof value === 'string' ? value : ''} onChange={(event) => onChange(event.currentTarget.value)} />;
}
