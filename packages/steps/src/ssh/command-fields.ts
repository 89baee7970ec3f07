// What every step that runs something on a host over SSH can be told.
import { template } from '@tidewheel/kit/fields';
import { z } from 'zod';

export const targetField = z
  .string()
  .min(1)
  .max(200)
  .meta({ title: 'Target', description: 'By name or id; may be computed, as in {{ item.name }}', field: 'template', widget: 'target', of: ['ssh'] });

const variableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,199}$/, 'must be a name of letters, digits and underscores');

export const sudoField = template({
  title: 'As another user (sudo)',
  description: 'The user, such as root. sudo gets the password of the credential by standard input when it asks; sudoers has to allow sh.',
  examples: ['root'],
})
  .optional()
  .refine((user) => user === undefined || /^([a-zA-Z0-9_.#][a-zA-Z0-9_.@#-]{0,99}|\{\{[\s\S]*\}\})?$/.test(user), 'must be the name of a user');

const encodingField = z
  .string()
  .max(40)
  .default('utf-8')
  .refine(isEncoding, 'must be a code page such as utf-8, windows-1252 or shift_jis')
  .meta({
    title: 'Code page of the output',
    description: 'As the WHATWG Encoding Standard names them',
    examples: ['windows-1252', 'iso-8859-15', 'shift_jis'],
  });

function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== '';
  } catch {
    return false;
  }
}

export const commandFields = {
  environment: z
    .record(variableName, template({ title: 'Value' }))
    .default({})
    .meta({
      title: 'Environment',
      description: 'Variables by name. They go by standard input, so no list of processes shows them; use them instead of writing a value into the command.',
      widget: 'json',
    }),
  folder: template({ title: 'Working folder', description: 'The home of the user when left out; ~/ stands for it', examples: ['/srv/app'] }).optional(),
  pty: z.boolean().optional().meta({ title: 'With a terminal (PTY)', description: 'As the target says when left out. Standard error then comes as output.' }),
  sudo: sudoField,
  timeoutSeconds: z
    .number()
    .positive()
    .max(86_400)
    .default(300)
    .meta({ title: 'Give up after (s)', description: 'Then every process of it is ended on the host.' }),
  okExitCodes: z
    .array(z.number().int().min(0).max(255))
    .min(1)
    .default([0])
    .meta({ title: 'Exit codes that count as success', widget: 'json', examples: [[0, 100]] }),
  encoding: encodingField,
  outputFile: z
    .enum(['large', 'always', 'never'])
    .default('large')
    .meta({ title: 'Output as a file', description: 'large: what does not fit into the value (24,000 bytes) is a file of the run, whole up to 100 MB.' }),
  outputName: template({ title: 'Name of the output file', description: '<target>-stdout.txt when left out', examples: ['disk.csv'] }).optional(),
  repeatable: z.boolean().default(false).meta({
    title: 'May run twice',
    description: 'When the connection breaks while it runs, it is tried again. Else the step fails, for nobody knows how far it came.',
  }),
};
const Fields = z.strictObject(commandFields);
export type CommandFields = z.output<typeof Fields>;

export const CommandValue = z.object({
  target: z.string(),
  exitCode: z.number(),
  stdout: z.string().describe('All of it, or its head and tail with a line between'),
  stderr: z.string(),
  stdoutBytes: z.number(),
  stderrBytes: z.number(),
  isCut: z.boolean().describe('Whether stdout or stderr is not all of it'),
  ms: z.number(),
});
