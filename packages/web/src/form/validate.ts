// Checks values against a JSON Schema without generating code: a strict content security policy allows no eval.
import type { OutputUnit } from '@cfworker/json-schema';
import type { FormValues } from './form-values.ts';
import type { Schema } from './schema-fields.ts';

/** Faults by dotted path; empty when all is well. */
export type FormErrors = Record<string, string>;

const plain: Record<string, string> = {
  pattern: 'does not have the right form',
  format: 'does not have the right form',
  type: 'is of the wrong kind',
  enum: 'is not one of the choices',
  minimum: 'is too small',
  maximum: 'is too large',
  exclusiveMinimum: 'is too small',
  exclusiveMaximum: 'is too large',
  minLength: 'is too short',
  maxLength: 'is too long',
  minItems: 'has too few entries',
  maxItems: 'has too many entries',
};

export async function validateValues(schema: Schema, values: FormValues): Promise<FormErrors> {
  const { Validator } = await import('@cfworker/json-schema');
  const { errors } = new Validator(schema, '2020-12', false).validate(values);
  return errorsByPath(errors);
}

/** The deepest fault of each place; those that only repeat that something below is wrong are left out. */
export function errorsByPath(units: OutputUnit[]): FormErrors {
  const found: FormErrors = {};
  for (const unit of units) {
    const place = unit.instanceLocation.replace(/^#\/?/, '').split('/').filter(Boolean).map(decodeURIComponent);
    if (unit.keyword === 'required') {
      const missing = /"(.+)"/.exec(unit.error)?.[1];
      if (missing) found[[...place, missing].join('.')] = 'is needed';
    } else if (unit.keyword in plain) {
      found[place.join('.')] ??= plain[unit.keyword] ?? unit.error;
    }
  }
  return found;
}
