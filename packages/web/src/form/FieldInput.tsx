import { Checkbox, Fieldset, NumberInput, PasswordInput, Select, Stack, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useContext } from 'react';
import { CalendarInput } from './CalendarInput.tsx';
import { CompletedInput } from './CompletedInput.tsx';
import { ConnectionInput } from './ConnectionInput.tsx';
import { CredentialInput } from './CredentialInput.tsx';
import { OfferedNames } from './completion.ts';
import { FlowInput, FlowsInput } from './FlowInput.tsx';
import type { FieldInputProps } from './field-input-props.ts';
import { scalarOf, valueAt, withValue } from './form-values.ts';
import { JsonInput } from './JsonInput.tsx';
import { localInstant, utcInstant } from './local-instant.ts';
import { TargetInput } from './TargetInput.tsx';
import { VariantInput } from './VariantInput.tsx';

/** The input for one field. */
export function FieldInput(props: FieldInputProps) {
  const { field, values, errors, onChange, disabled } = props;
  const value = valueAt(values, field.path);
  const set = (next: unknown) => onChange(withValue(values, field.path, next));
  const error = errors[field.path];
  const common = { label: field.title, description: field.description, error, disabled, name: field.path };
  const asked = { ...common, withAsterisk: field.isRequired };
  const typed = { ...asked, placeholder: field.placeholder, value: typeof value === 'string' ? value : '' };
  const names = useContext(OfferedNames);
  if (names && field.holds && (field.kind === 'text' || field.kind === 'textarea'))
    return (
      <CompletedInput
        {...typed}
        onChange={(next) => set(next || undefined)}
        names={names}
        isExpression={field.holds === 'expression'}
        isLong={field.kind === 'textarea'}
      />
    );
  switch (field.kind) {
    case 'boolean':
      return (
        <Checkbox {...common} checked={value === undefined ? field.isOn === true : value === true} onChange={(event) => set(event.currentTarget.checked)} />
      );
    case 'number':
      return (
        <NumberInput
          {...asked}
          placeholder={field.placeholder}
          value={typeof value === 'number' ? value : ''}
          onChange={(next) => set(next === '' ? undefined : Number(next))}
          allowDecimal={!field.isInteger}
          min={field.minimum}
          max={field.maximum}
          clampBehavior="none"
        />
      );
    case 'select':
      return (
        <Select
          {...asked}
          placeholder={field.placeholder}
          data={field.choices ?? []}
          value={value === undefined ? null : String(value)}
          clearable={!field.isRequired}
          onChange={(next) => set(field.values?.find((candidate) => String(candidate) === next))}
        />
      );
    case 'date':
      return <TextInput {...typed} type="date" onChange={(event) => set(event.currentTarget.value || undefined)} />;
    case 'datetime':
      return (
        <TextInput
          {...asked}
          type="datetime-local"
          step={1}
          value={typeof value === 'string' ? localInstant(value) : ''}
          onChange={(event) => set(utcInstant(event.currentTarget.value))}
        />
      );
    case 'password':
      return (
        <PasswordInput
          {...typed}
          placeholder={props.keepsSecret ? 'Stored; type to replace it' : undefined}
          autoComplete="new-password"
          onChange={(event) => set(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': `Show ${field.title}` }}
        />
      );
    case 'textarea':
      return (
        <Textarea
          {...typed}
          placeholder={props.keepsSecret ? 'Stored; type to replace it' : field.placeholder}
          autosize
          minRows={3}
          maxRows={12}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          onChange={(event) => set(event.currentTarget.value)}
        />
      );
    case 'target':
      return <TargetInput {...typed} onChange={(next) => set(next || undefined)} transport={field.of} />;
    case 'connection':
      return <ConnectionInput {...typed} onChange={(next) => set(next || undefined)} of={field.of} />;
    case 'credential':
      return <CredentialInput {...typed} onChange={(next) => set(next || undefined)} types={field.of?.split('|')} />;
    case 'flow':
      return <FlowInput {...typed} onChange={(next) => set(next || undefined)} />;
    case 'flows':
      return <FlowsInput {...asked} {...listed(value, set)} />;
    case 'calendar':
      return <CalendarInput {...typed} onChange={(next) => set(next || undefined)} />;
    case 'list':
      return <TagsInput {...asked} {...listed(value, set)} placeholder="Type and press Enter" />;
    case 'json':
      return <JsonInput {...asked} value={value} onChange={set} />;
    case 'variant':
      return <VariantInput {...props} renderField={(inner) => <FieldInput {...props} key={inner.path} field={inner} />} />;
    case 'group':
      return (
        <Fieldset legend={field.title}>
          <Stack gap="sm">
            {(field.fields ?? []).map((inner) => (
              <FieldInput {...props} key={inner.path} field={inner} />
            ))}
          </Stack>
        </Fieldset>
      );
    case 'scalar':
      return <TextInput {...typed} value={String(value ?? '')} onChange={(event) => set(scalarOf(event.currentTarget.value))} />;
    default:
      return <TextInput {...typed} onChange={(event) => set(event.currentTarget.value)} />;
  }
}

function listed(value: unknown, set: (next: unknown) => void) {
  return {
    value: Array.isArray(value) ? value.map(String) : typeof value === 'string' && value !== '' ? [value] : [],
    onChange: (next: string[]) => set(next.length === 0 ? undefined : next),
  };
}
