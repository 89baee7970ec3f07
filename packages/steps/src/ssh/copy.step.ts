import { defineStep } from '@tidewheel/kit/define-step';
import { storedFile, template } from '@tidewheel/kit/fields';
import { z } from 'zod';
import { overwriteField } from '../delivery/deliver-each.ts';
import { sudoField, targetField } from './command-fields.ts';
import { copyFrom, wouldCopyFrom } from './copy-from.ts';
import { copyTo, wouldCopyTo } from './copy-to.ts';

const CopyConfig = z.strictObject({
  target: targetField,
  direction: z.enum(['to', 'from']).default('to').meta({ title: 'Direction', description: 'to: onto the host; from: from the host into the run' }),
  path: template({ title: 'Path on the host', description: 'to: the folder, made when missing; from: the file, or the folder', examples: ['/srv/app'] }).min(1),
  file: storedFile({ title: 'Uploaded file', description: 'to: instead of the files of an earlier step' }).optional(),
  name: template({ title: 'File name', description: 'to: for a single file; its own name when left out' }).optional(),
  unpack: z
    .boolean()
    .default(false)
    .meta({ title: 'Unpack archives', description: 'to: what is in a .tar, .tar.gz or .tgz is put into the folder, by the tar of the host.' }),
  pattern: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ title: 'Pattern', description: 'from: every file of the folder whose name fits', examples: ['*.log'] }),
  pack: z
    .boolean()
    .default(false)
    .meta({ title: 'As an archive', description: 'from: the folder with all below it, as one .tar.gz made by the tar of the host.' }),
  mode: z
    .string()
    .regex(/^[0-7]{3,4}$/, 'must be octal, such as 0644')
    .optional()
    .meta({ title: 'Mode', examples: ['0644'] }),
  owner: z
    .string()
    .regex(/^[a-zA-Z0-9_.-]+(:[a-zA-Z0-9_.-]+)?$/, 'must be user or user:group')
    .optional()
    .meta({ title: 'Owner', description: 'Needs the right to give files away: sudo, mostly.', examples: ['root:root'] }),
  sudo: sudoField,
  overwrite: overwriteField,
});
export type CopyConfig = z.output<typeof CopyConfig>;

export const sshCopy = defineStep({
  type: 'ssh.copy',
  version: 1,
  ui: { title: 'Copy files over SSH', group: 'Operations', icon: 'transfer', summary: '{{direction}} {{path}} on {{target}}' },
  description:
    'Copies files of earlier steps or an uploaded file onto a host, or files of a host into the run. Onto a host a file is written under a hidden name, its size and SHA-256 are compared there (by sha256sum, else it is read back), mode and owner are set, then it is renamed; the very same file already there is left alone. A transfer that breaks goes on where it stopped, in the next attempt too. Whole folders travel as archives (`pack`, `unpack`). With `sudo` the content goes to that user by standard input, and a broken transfer begins anew.',
  config: CopyConfig,
  inputs: { min: 0, max: null, carries: 'any' },
  produces: 'file',
  output: z.object({
    files: z.array(z.object({ name: z.string(), path: z.string(), size: z.number(), sha256: z.string(), verifiedBy: z.string(), alreadyThere: z.boolean() })),
  }),
  artifacts: true,
  retry: { attempts: 4 },
  effects: true,
  examples: [
    {
      title: 'A configuration as root',
      config: { target: 'web-1', path: '/etc/nginx/conf.d', file: 'site-conf', sudo: 'root', mode: '0644', owner: 'root:root' },
    },
    { title: 'Logs of the day', config: { target: 'web-1', direction: 'from', path: '/var/log/app', pattern: '*.log' } },
  ],
  check(config) {
    const wrong = config.direction === 'to' ? (['pattern', 'pack'] as const) : (['file', 'name', 'unpack', 'mode', 'owner'] as const);
    const faults = wrong
      .filter((name) => config[name] !== undefined && config[name] !== false)
      .map((path) => ({ path, message: `is not for copying ${config.direction}` }));
    if (config.pack && config.pattern !== undefined)
      faults.push({ path: 'pattern' as (typeof faults)[number]['path'], message: 'give either a pattern or pack' });
    return faults;
  },
  run: (config, ctx) => (config.direction === 'to' ? copyTo(config, ctx) : copyFrom(config, ctx)),
  dryRun: (config, ctx) => (config.direction === 'to' ? wouldCopyTo(config, ctx) : wouldCopyFrom(config, ctx)),
});
