// Fields that the steps which speak SQL share.
import { connection } from '@tidewheel/kit/fields';
import type { StepContext } from '@tidewheel/kit/step-context';
import { z } from 'zod';
import { databaseTypes } from './databases.ts';

export const databaseField = connection(databaseTypes, { title: 'Database' });

/** Not `language: sql`: that is the SQL of table steps, which is checked when a flow is saved. Of another database only it itself knows. */
export const sqlField = (title: string, description: string) =>
  z
    .string()
    .min(1)
    .max(100_000)
    .refine((text) => !text.includes('\0'), 'must not hold a NUL character')
    .meta({ title, description, widget: 'code', language: 'database-sql' });

export const parametersField = z
  .record(
    z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/, 'must be a name of letters, digits and _'),
    z.string().min(1).max(10_000).meta({ title: 'Expression', field: 'expression' }),
  )
  .default({})
  .meta({ title: 'Values', description: 'By name, what `:name` stands for: expressions. Parameters of the flow need not be named here.' });

export const timeoutField = z
  .number()
  .int()
  .min(1)
  .max(86_400)
  .optional()
  .meta({ title: 'Stop after (s)', description: 'Each query; what the connection says when left out.' });

/** Parameters of the flow, and over them what the step says. */
export function valuesOf(ctx: Pick<StepContext, 'parameters' | 'evaluate'>, expressions: Readonly<Record<string, string>>): Record<string, unknown> {
  const own = Object.entries(expressions).map(([name, expression]) => [name, ctx.evaluate(expression)] as const);
  return { ...ctx.parameters, ...Object.fromEntries(own) };
}
