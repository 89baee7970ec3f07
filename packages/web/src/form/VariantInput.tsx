import { Fieldset, Select, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import type { FieldInputProps } from './field-input-props.ts';
import { type FormValues, valueAt, withValue } from './form-values.ts';
import type { FormField } from './schema-fields.ts';

/** One of several groups of fields; choosing one sets the constants that tell it apart and drops the others' values. */
export function VariantInput({ renderField, ...props }: FieldInputProps & { renderField: (field: FormField) => ReactNode }) {
  const { field, values, onChange } = props;
  const variants = field.variants ?? [];
  const value = valueAt(values, field.path) as FormValues | undefined;
  const found = variants.findIndex((variant) => Object.entries(variant.constants).every(([name, constant]) => value?.[name] === constant));
  const current = variants[value === undefined ? -1 : found];
  const choose = (title: string | null) => {
    const chosen = variants.find((variant) => variant.title === title);
    onChange(withValue(values, field.path, chosen ? { ...chosen.constants } : undefined));
  };
  return (
    <Fieldset legend={field.title}>
      <Stack gap="sm">
        <Select
          label="Way"
          description={field.description}
          error={props.errors[field.path]}
          data={variants.map((variant) => variant.title)}
          value={current?.title ?? null}
          clearable={!field.isRequired}
          onChange={choose}
        />
        {current?.fields.map(renderField)}
      </Stack>
    </Fieldset>
  );
}
