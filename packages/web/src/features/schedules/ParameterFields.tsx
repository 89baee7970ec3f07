import { Group, Select, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ScheduleParameter } from '@tidewheel/contract/schedule';
import { fieldsOf } from '../../form/schema-fields.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { startedFlowQuery } from './schedules.queries.ts';

interface ParameterFieldsProps {
  flow: string;
  parameters: Record<string, ScheduleParameter>;
  onChange: (parameters: Record<string, ScheduleParameter>) => void;
}

type Kind = 'default' | 'value' | 'expression';
const kinds = [
  { value: 'default', label: 'default of the flow' },
  { value: 'value', label: 'value' },
  { value: 'expression', label: 'expression' },
];

/** What each parameter of the flow gets: a value, or what an expression makes of the moment. */
export function ParameterFields({ flow, parameters, onChange }: ParameterFieldsProps) {
  const query = useQuery(startedFlowQuery(flow));
  if (flow === '') return <Text size="sm">Choose the flow first: its parameters are asked for here.</Text>;
  if (query.error) return <ErrorNotice error={query.error} />;
  const fields = fieldsOf(query.data?.parametersSchema ?? {});
  if (query.data && fields.length === 0) return <Text size="sm">This flow has no parameters.</Text>;
  const set = (name: string, parameter: ScheduleParameter | null) => {
    const { [name]: _before, ...others } = parameters;
    onChange(parameter === null ? others : { ...others, [name]: parameter });
  };
  return (
    <>
      {fields.map(({ path }) => (
        <ParameterField key={path} name={path} parameter={parameters[path]} onChange={(parameter) => set(path, parameter)} />
      ))}
      <Text size="xs" c="dimmed">
        Expressions see now and today, the moment that the run is for, and businessDate: calendar("TARGET").previous(today).
      </Text>
    </>
  );
}

function ParameterField({
  name,
  parameter,
  onChange,
}: {
  name: string;
  parameter: ScheduleParameter | undefined;
  onChange: (parameter: ScheduleParameter | null) => void;
}) {
  const kind: Kind = parameter === undefined ? 'default' : 'value' in parameter ? 'value' : 'expression';
  const text = parameter === undefined ? '' : 'value' in parameter ? textOf(parameter.value) : parameter.expression;
  const change = (next: string | null, typed: string) => onChange(next === 'value' ? { value: typed } : next === 'expression' ? { expression: typed } : null);
  return (
    <Group gap="xs" align="end" wrap="nowrap">
      <Select label={name} data={kinds} value={kind} onChange={(next) => change(next, text)} allowDeselect={false} w={180} style={{ flexShrink: 0 }} />
      {kind !== 'default' && (
        <TextInput
          aria-label={`${name}: ${kind}`}
          placeholder={kind === 'expression' ? 'businessDate' : ''}
          value={text}
          onChange={(event) => change(kind, event.currentTarget.value)}
          style={{ flex: 1 }}
          spellCheck={false}
          styles={kind === 'expression' ? { input: { fontFamily: 'var(--mantine-font-family-monospace)' } } : {}}
        />
      )}
    </Group>
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
