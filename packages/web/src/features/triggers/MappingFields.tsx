import { Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { fieldsOf } from '../../form/schema-fields.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { startedFlowQuery } from './triggers.queries.ts';

interface MappingFieldsProps {
  flow: string;
  values: Record<string, string>;
  onChange: (name: string, expression: string) => void;
  disabled: boolean;
}

/** Where each parameter of the flow comes from. */
export function MappingFields({ flow, values, onChange, disabled }: MappingFieldsProps) {
  const query = useQuery(startedFlowQuery(flow));
  if (flow === '') return <Text size="sm">Choose the flow first: its parameters are asked for here.</Text>;
  if (query.error) return <ErrorNotice error={query.error} />;
  const fields = fieldsOf(query.data?.parametersSchema ?? {});
  if (query.data && fields.length === 0) return <Text size="sm">This flow has no parameters.</Text>;
  const required = (query.data?.parametersSchema['required'] ?? []) as string[];
  return (
    <>
      {fields.map((field) => (
        <TextInput
          key={field.path}
          label={field.path}
          description={required.includes(field.path) ? 'The flow asks for it' : 'Left empty, the flow uses its default'}
          placeholder="event.body.day"
          withAsterisk={required.includes(field.path)}
          value={values[field.path] ?? ''}
          onChange={(event) => onChange(field.path, event.currentTarget.value)}
          disabled={disabled}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
      ))}
    </>
  );
}
