// How a step's schema declares what a configuration field is: literal (the default), template, expression, row expression, a connection or an uploaded file.
import { z } from 'zod';

/** Form hints that travel in the JSON Schema. `field` decides how the engine treats the text before the step sees it. */
export interface FieldHints {
  title: string;
  description?: string;
  /** literal: as written. template: `{{ CEL }}` replaced before run. expression: bare CEL, evaluated by `ctx.evaluate`. row: SQL over columns, checked by the table engine. liquid: rendered by the step. */
  field?: 'literal' | 'template' | 'expression' | 'row' | 'liquid';
  widget?: 'connection' | 'credential' | 'flow' | 'calendar' | 'code' | 'textarea' | 'password' | 'file' | 'column' | 'json' | 'approvers';
  /** With widget `connection` or `credential`: its type, several joined by `|`. */
  of?: string;
  language?: string;
  /** Of an expression: names that the step itself gives it besides what every expression sees. */
  locals?: readonly string[];
  examples?: unknown[];
}

/** Text in which `{{ CEL }}` is replaced before the step runs. */
export function template(hints: FieldHints) {
  return z
    .string()
    .max(100_000)
    .meta({ ...hints, field: 'template' });
}
/** Bare CEL; the step asks `ctx.evaluate` for its value. */
export function expression(hints: FieldHints) {
  return z
    .string()
    .min(1)
    .max(10_000)
    .meta({ ...hints, field: 'expression' });
}
/** SQL over the columns of the input, `:name` for parameters; checked before it runs. */
export function rowExpression(hints: FieldHints) {
  return z
    .string()
    .min(1)
    .max(10_000)
    .meta({ ...hints, field: 'row' });
}
/** The slug of a connection of this connector type, or of one of several: `folder|sftp`. */
export function connection(of: string, hints: FieldHints = { title: 'Connection' }) {
  return z
    .string()
    .min(1)
    .max(64)
    .meta({ ...hints, field: 'literal', widget: 'connection', of });
}
/** The slug of an uploaded file, which may be computed: a template. One that is not there is warned of when the flow is checked. */
export function storedFile(hints: FieldHints = { title: 'Uploaded file' }) {
  return z
    .string()
    .min(1)
    .max(64)
    .meta({ ...hints, field: 'template', widget: 'file' });
}
