import { randomBytes } from 'node:crypto';
import { defineStep } from '@tidewheel/kit/define-step';
import { template } from '@tidewheel/kit/fields';
import { z } from 'zod';
import { CommandValue, commandFields, targetField } from './command-fields.ts';
import { performCommand, wouldPerform } from './perform-command.ts';
import { quoted } from './remote-shell.ts';

export const sshScript = defineStep({
  type: 'ssh.script',
  version: 1,
  ui: { title: 'Run a script over SSH', group: 'Operations', icon: 'file-code', summary: '{{interpreter}} script on {{target}}' },
  description:
    'Runs a script on a host by an interpreter that is installed there. It lies there in a file that its user alone can read, for as long as it runs; with `feed: stdin` there is no file and the interpreter reads it. Line ends of Windows are made those of Unix. Everything else is as with `ssh.run`.',
  config: z.strictObject({
    target: targetField,
    interpreter: template({
      title: 'Interpreter',
      description: 'A program of the host: sh, bash, python3, perl, pwsh, or its path',
      examples: ['bash', '/usr/bin/python3'],
    })
      .min(1)
      .default('sh'),
    script: template({ title: 'Script' }).min(1).meta({ widget: 'code', language: 'shell' }),
    arguments: z
      .array(template({ title: 'Argument' }))
      .max(100)
      .default([])
      .meta({ title: 'Arguments', widget: 'json' }),
    feed: z.enum(['file', 'stdin']).default('file').meta({
      title: 'How it gets there',
      description: 'file: a private temporary file, removed afterwards; stdin: by standard input, for hosts where nothing may be written.',
    }),
    ...commandFields,
  }),
  inputs: { min: 0, max: null, carries: 'any' },
  // Its output can be one: `outputFile`.
  produces: 'file',
  output: CommandValue,
  artifacts: true,
  retry: { attempts: 3 },
  effects: true,
  examples: [
    { title: 'Python on a host', config: { target: 'db-1', interpreter: 'python3', script: 'import platform\nprint(platform.node())\n' } },
    { title: 'With arguments', config: { target: 'web-1', interpreter: 'bash', script: 'echo "$1"\n', arguments: ['{{ today }}'] } },
  ],
  check({ feed, pty }) {
    return feed === 'stdin' && pty === true ? [{ path: 'feed', message: 'a terminal cannot feed a script: use file, or no terminal' }] : [];
  },
  run({ target, interpreter, script, arguments: args, feed, ...fields }, ctx) {
    const source = script.replaceAll('\r\n', '\n');
    const what = 'The script';
    if (feed === 'stdin') {
      const text = `exec ${words(programOf(interpreter), fromStdin(interpreter, args))}`;
      return performCommand(ctx, { target, text, input: Buffer.from(source), fields: { ...fields, pty: false }, what });
    }
    const file = `/tmp/tidewheel-${randomBytes(16).toString('hex')}${isPowerShell(interpreter) ? '.ps1' : ''}`;
    return performCommand(ctx, { target, text: fromFile({ interpreter, source, args, file }), fields, removes: file, what });
  },
  dryRun({ target, interpreter, script, arguments: args, feed: _feed, ...fields }, ctx) {
    const lines = script.trimEnd().split('\n').length;
    return wouldPerform(ctx, { target, fields, what: `a script of ${lines} lines by ${interpreter}${args.length > 0 ? ` with ${JSON.stringify(args)}` : ''}` });
  },
});

/** Its file is its user's alone, made anew (noclobber), and goes when the shell ends, whatever ends it. */
function fromFile({ interpreter, source, args, file }: { interpreter: string; source: string; args: string[]; file: string }): string {
  const end = `tw${randomBytes(12).toString('hex')}`;
  const more = isPowerShell(interpreter) ? ['-NoProfile', '-NonInteractive', '-File', file] : [file];
  return [
    `(umask 077; set -C; cat >${quoted(file)} <<'${end}'`,
    source.replace(/\n?$/, ''),
    end,
    ') || exit 1',
    `trap 'rm -f -- ${file}' EXIT`,
    "trap 'exit 143' HUP INT TERM",
    words(programOf(interpreter), [...more, ...args]),
  ].join('\n');
}

/** `-` or its like: the program reads its script from standard input. */
function fromStdin(interpreter: string, args: string[]): string[] {
  const name = nameOf(interpreter);
  if (isPowerShell(interpreter)) return ['-NoProfile', '-NonInteractive', '-Command', '-'];
  if (/^(ba|da|z|k|a)?sh$/.test(name)) return ['-s', '--', ...args];
  return ['-', ...args];
}

function isPowerShell(interpreter: string): boolean {
  return /^(pwsh|powershell)/i.test(nameOf(interpreter));
}

function nameOf(interpreter: string): string {
  return interpreter.trim().split('/').at(-1) ?? '';
}

/** One word: a path may have a space in it. */
function programOf(interpreter: string): string {
  return quoted(interpreter.trim());
}

function words(program: string, args: string[]): string {
  return [program, ...args.map(quoted)].join(' ');
}
