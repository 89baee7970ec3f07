import type { FormValues } from './form-values.ts';
import type { FormField } from './schema-fields.ts';
import type { FormErrors } from './validate.ts';

export interface FieldInputProps {
  field: FormField;
  values: FormValues;
  errors: FormErrors;
  onChange: (values: FormValues) => void;
  keepsSecret?: boolean;
  disabled?: boolean;
}
