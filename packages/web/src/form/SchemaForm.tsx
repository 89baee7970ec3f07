import { Stack } from '@mantine/core';
import { useMemo } from 'react';
import { FieldInput } from './FieldInput.tsx';
import type { FormValues } from './form-values.ts';
import { fieldsOf, type Schema } from './schema-fields.ts';
import type { FormErrors } from './validate.ts';

interface SchemaFormProps {
  schema: Schema;
  values: FormValues;
  errors: FormErrors;
  onChange: (values: FormValues) => void;
  /** Shown in secret fields when something is stored already. */
  keepsSecret?: boolean;
  disabled?: boolean;
}

/** The fields of a JSON Schema. */
export function SchemaForm({ schema, ...rest }: SchemaFormProps) {
  const fields = useMemo(() => fieldsOf(schema), [schema]);
  return (
    <Stack gap="sm">
      {fields.map((field) => (
        <FieldInput key={field.path} field={field} {...rest} />
      ))}
    </Stack>
  );
}
