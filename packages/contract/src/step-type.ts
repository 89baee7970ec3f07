// How a step type, connector or credential type presents itself to the web, the command line and the reference.
import { z } from 'zod';

/** JSON Schema 2020-12 as zod writes it, with our form hints (`title`, `widget`, `field`, `of`, `language`) kept. */
export const JsonSchema = z.record(z.string(), z.unknown());

export const StepTypeInfo = z
  .object({
    type: z.string(),
    version: z.number().int(),
    title: z.string(),
    group: z.string(),
    icon: z.string(),
    summary: z.string(),
    description: z.string(),
    where: z.enum(['inline', 'table', 'sandbox']),
    inputs: z.object({
      min: z.number().int(),
      max: z.number().int().nullable(),
      named: z.array(z.string()),
      carries: z.enum(['none', 'table', 'file', 'any']),
    }),
    produces: z.enum(['none', 'table', 'file', 'value']),
    config: JsonSchema,
    output: JsonSchema.nullable(),
    examples: z.array(z.object({ title: z.string(), config: z.record(z.string(), z.unknown()) })),
  })
  .meta({ id: 'StepTypeInfo' });
export type StepTypeInfo = z.infer<typeof StepTypeInfo>;

export const ConnectorInfo = z
  .object({
    type: z.string(),
    title: z.string(),
    icon: z.string(),
    description: z.string(),
    config: JsonSchema,
    secret: JsonSchema.nullable().describe('The schema of its secret part, kept in the vault; null when it has none'),
    examples: z.array(z.object({ title: z.string(), config: z.record(z.string(), z.unknown()) })),
  })
  .meta({ id: 'ConnectorInfo' });
export type ConnectorInfo = z.infer<typeof ConnectorInfo>;
