import { defineStep } from '@tidewheel/kit/define-step';
import { template } from '@tidewheel/kit/fields';
import { z } from 'zod';
import { CommandValue, commandFields, targetField } from './command-fields.ts';
import { performCommand, wouldPerform } from './perform-command.ts';

export const sshRun = defineStep({
  type: 'ssh.run',
  version: 1,
  ui: { title: 'Run a command over SSH', group: 'Operations', icon: 'terminal', summary: '{{command}} on {{target}}' },
  description:
    'Runs a command on a host, by its `sh`. What it writes stands in the log at once, standard error marked `stderr:`; the value has exit code and output, of a long one its head and tail, and the whole is a file. An exit code that is not expected fails the step and is not tried again; a host that cannot be reached is. When the step is cancelled or takes too long, every process of the command is ended on the host: asked by TERM, forced by KILL. Command and environment reach the host by standard input, where no list of processes shows them. Do not write values of others into the command: give them in `environment` and use `"$NAME"`.',
  config: z.strictObject({
    target: targetField,
    command: template({ title: 'Command', examples: ['df -h /'] })
      .min(1)
      .meta({ widget: 'code', language: 'shell' }),
    ...commandFields,
    stdin: template({ title: 'Standard input', description: 'Given to the command; nothing when left out' }).optional().meta({ widget: 'textarea' }),
  }),
  inputs: { min: 0, max: null, carries: 'any' },
  // Its output can be one: `outputFile`.
  produces: 'file',
  output: CommandValue,
  artifacts: true,
  retry: { attempts: 3 },
  effects: true,
  examples: [
    { title: 'Free space', config: { target: 'web-1', command: 'df -h /' } },
    {
      title: 'Restart a service',
      config: { target: '{{ item.name }}', command: 'systemctl restart "$SERVICE"', sudo: 'root', environment: { SERVICE: 'nginx' } },
    },
  ],
  run({ target, command, stdin, ...fields }, ctx) {
    const input = stdin === undefined ? undefined : Buffer.from(stdin);
    return performCommand(ctx, { target, text: command, input, fields, what: 'The command' });
  },
  dryRun({ target, command, stdin: _stdin, ...fields }, ctx) {
    return wouldPerform(ctx, { target, fields, what: JSON.stringify(command.slice(0, 500)) });
  },
});
