// What a step that runs something on a Windows host can be told; the same words as over SSH where it is the same thing.
import { template } from '@tidewheel/kit/fields';
import { z } from 'zod';

export const targetField = z
  .string()
  .min(1)
  .max(200)
  .meta({ title: 'Target', description: 'By name or id; may be computed, as in {{ item.name }}', field: 'template', widget: 'target', of: ['winrm'] });

const variableName = z.string().regex(/^[^=\0\s]{1,200}$/, 'must be a name without spaces and =');

export const commandFields = {
  environment: z
    .record(variableName, template({ title: 'Value' }))
    .default({})
    .meta({ title: 'Environment', description: 'Variables by name; use them instead of writing a value into the script: $env:NAME, %NAME%', widget: 'json' }),
  folder: template({ title: 'Working folder', description: 'The profile of the user when left out', examples: ['C:\\apps'] }).optional(),
  stdin: template({ title: 'Standard input', description: 'PowerShell gets its lines as $input' }).optional().meta({ widget: 'textarea' }),
  timeoutSeconds: z
    .number()
    .positive()
    .max(86_400)
    .default(300)
    .meta({ title: 'Give up after (s)', description: 'Then it is ended on the host with all that it started.' }),
  okExitCodes: z
    .array(z.number().int().min(-2_147_483_648).max(4_294_967_295))
    .min(1)
    .default([0])
    .meta({ title: 'Exit codes that count as success', widget: 'json', examples: [[0, 3010]] }),
  outputFile: z
    .enum(['large', 'always', 'never'])
    .default('large')
    .meta({ title: 'Output as a file', description: 'large: what does not fit into the value (24,000 bytes) is a file of the run, whole up to 100 MB.' }),
  outputName: template({ title: 'Name of the output file', description: '<target>-stdout.txt when left out', examples: ['services.csv'] }).optional(),
  repeatable: z.boolean().default(false).meta({
    title: 'May run twice',
    description: 'When the connection breaks while it runs, it is tried again. Else the step fails, for nobody knows how far it came.',
  }),
};
const Fields = z.strictObject(commandFields);
export type CommandFields = z.output<typeof Fields>;
