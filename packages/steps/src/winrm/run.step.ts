import { defineStep } from '@tidewheel/kit/define-step';
import { template } from '@tidewheel/kit/fields';
import type { StepContext } from '@tidewheel/kit/step-context';
import { z } from 'zod';
import { CommandValue } from '../ssh/command-fields.ts';
import { placeBatch } from './batch-file.ts';
import { cmdLine, isOneLine } from './cmd-line.ts';
import { commandFields, targetField } from './command-fields.ts';
import { performCommand, type ReadyCommand, wouldPerform } from './perform-command.ts';
import { powershellLine } from './powershell-text.ts';
import { winrmOf } from './winrm-settings.ts';
import type { WinrmShell } from './winrm-shell.ts';

const config = z.strictObject({
  target: targetField,
  shell: z.enum(['powershell', 'cmd']).default('powershell').meta({ title: 'Shell' }),
  script: template({ title: 'Script', examples: ['Get-Service'] })
    .min(1)
    .meta({ widget: 'code', language: 'powershell' }),
  arguments: z
    .array(template({ title: 'Argument' }))
    .max(100)
    .default([])
    .meta({
      title: 'Arguments',
      description: 'PowerShell gets them by position in `param(…)` or `$args`, cmd as %1, %2 … of a script of several lines, else behind the command',
      widget: 'json',
    }),
  ...commandFields,
});
type Config = z.output<typeof config>;

const shellNames = { powershell: 'PowerShell', cmd: 'cmd' } as const;

export const winrmRun = defineStep({
  type: 'winrm.run',
  version: 1,
  ui: { title: 'Run on Windows (WinRM)', group: 'Operations', icon: 'brand-windows', summary: '{{shell}} on {{target}}' },
  description:
    'Runs PowerShell or cmd on a Windows host over WinRM. What it writes stands in the log at once, standard error marked `stderr:` (of PowerShell as text, not as CLIXML); the value has exit code and output, of a long one its head and tail, and the whole is a file. PowerShell stops at the first error; its exit code is that of `exit`, of the last program it ran, or 1 after an error. A long script goes by standard input, a cmd script of several lines by a file that is removed afterwards. An exit code that is not expected fails the step and is not tried again; a host that cannot be reached is. When the step is cancelled or takes too long, the host is told to end it with Ctrl+C and then by force. Do not write values of others into the script: give them in `arguments` or `environment`.',
  config,
  inputs: { min: 0, max: null, carries: 'any' },
  produces: 'value',
  output: CommandValue,
  artifacts: true,
  retry: { attempts: 3 },
  effects: true,
  examples: [
    {
      title: 'State of a service',
      config: { target: 'win-1', script: 'param($Name)\nGet-Service -Name $Name | Select-Object Name, Status | ConvertTo-Json', arguments: ['Spooler'] },
    },
    { title: 'cmd', config: { target: 'win-1', shell: 'cmd', script: 'ipconfig /all' } },
  ],
  run(given, ctx) {
    const { target, shell, script, arguments: _arguments, ...fields } = given;
    return performCommand(ctx, { target, fields, what: `The ${shellNames[shell]} script`, ready: (open) => ready(open, given, ctx) });
  },
  dryRun({ target, shell, script, arguments: given, ...fields }, ctx) {
    const arguments_ = given.length > 0 ? ` with ${JSON.stringify(given).slice(0, 500)}` : '';
    return wouldPerform(ctx, { target, fields, what: `${shellNames[shell]} ${JSON.stringify(script.slice(0, 500))}${arguments_}` });
  },
});

async function ready(shell: WinrmShell, { target, shell: kind, script, arguments: given, stdin }: Config, ctx: StepContext): Promise<ReadyCommand> {
  if (kind === 'powershell') return powershellLine({ script, arguments: given, stdin });
  const input = stdin === undefined ? undefined : Buffer.from(stdin);
  if (isOneLine(script)) return { line: cmdLine(script, given), input };
  const { codePage } = winrmOf(await ctx.target(target)).settings;
  return { ...(await placeBatch(shell, { script, arguments: given, codePage, signal: ctx.signal })), input };
}
