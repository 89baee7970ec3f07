// How a step type presents itself to the web, the command line and the reference.
import type { StepTypeInfo } from '@tidewheel/contract/step-type';
import type { AnyStepType } from '@tidewheel/kit/define-step';
import { z } from 'zod';

export function stepTypeInfo(type: AnyStepType): StepTypeInfo {
  const { inputs } = type;
  return {
    type: type.type,
    version: type.version,
    ...type.ui,
    description: type.description,
    where: type.where,
    inputs: { min: inputs.min, max: inputs.max, named: [...(inputs.named ?? [])], carries: inputs.carries },
    produces: type.produces,
    config: jsonSchema(type.config, 'input'),
    output: type.where === 'inline' && type.output ? jsonSchema(type.output, 'output') : null,
    examples: type.examples.map(({ title, config }) => ({ title, config: config as Record<string, unknown> })),
  };
}

/** What an author writes (`input`: defaults are optional), with our hints kept. What JSON Schema cannot say is any value. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  return z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' }) as Record<string, unknown>;
}
