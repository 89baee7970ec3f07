import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Conflict } from '@tidewheel/contract/errors';
import { defineTableStep } from '@tidewheel/kit/define-step';
import type { TargetFacts } from '@tidewheel/kit/define-transport';
import { z } from 'zod';

/** What each entry names is said on the entry: who may use it is asked for every one. */
const names = (title: string, { entry, widget, description }: { entry: string; widget: string; description: string }) =>
  z
    .array(z.string().min(1).max(253).meta({ title: entry, field: 'template', widget }))
    .max(2_000)
    .optional()
    .meta({ title, description: `${description} Each may be computed, as in {{ tag }}.` });

const columns = { name: 'VARCHAR', address: 'VARCHAR', os: 'VARCHAR', transport: 'VARCHAR', tags: 'VARCHAR', groups: 'VARCHAR', facts: 'VARCHAR' };

export const targetsFind = defineTableStep({
  type: 'targets.find',
  version: 1,
  ui: { title: 'Find hosts', group: 'Operations', icon: 'server-2', summary: 'Hosts by {{tags}} {{groups}} {{where}}' },
  description: `The hosts that fit all that is given, as a table with a row for each: name, address, os, transport, tags and groups (names divided by commas) and facts (JSON), in the order of their names.
Give it to \`each: { rows: … }\` of a step, and that runs once for every host, with \`{{ item.name }}\` as its target; \`waves: [1, 10%]\` begins with one of them and goes on with a tenth at a time.

Hosts in maintenance are left out unless \`maintenance\` says \`keep\`. Fewer than \`atLeast\` fail the step: a job for no host at all is mostly a wrong tag.`,
  config: z
    .strictObject({
      names: names('Hosts', { entry: 'Host', widget: 'target', description: 'By name.' }),
      tags: names('Tags', { entry: 'Tag', widget: 'target-tag', description: 'Hosts with each of these tags.' }),
      groups: names('Groups', { entry: 'Group', widget: 'target-group', description: 'Hosts of any of these groups.' }),
      where: z
        .string()
        .max(10_000)
        .optional()
        .meta({ title: 'Where', widget: 'target-where', description: 'CEL over `target`: target.os == "linux" && "web" in target.tags' }),
      maintenance: z.enum(['leaveOut', 'keep']).default('leaveOut').meta({ title: 'Hosts in maintenance' }),
      atLeast: z.number().int().min(0).max(10_000).default(1).meta({ title: 'At least so many' }),
    })
    .refine(({ names: some, tags, groups, where }) => [some, tags, groups, where].some((given) => given !== undefined), {
      message: 'say which hosts: by names, tags, groups or where',
      path: ['names'],
    }),
  inputs: { min: 0, max: 0, carries: 'none' },
  produces: 'table',
  examples: [
    { title: 'The Linux hosts with a tag', config: { tags: ['web'], where: 'target.os == "linux"' } },
    { title: 'A group', config: { groups: ['frankfurt'] } },
    { title: 'The hosts with a tag that is asked for at start', config: { tags: ['{{ tag }}'] } },
  ],
  relation: () => ({ op: 'read', format: 'csv', onRowError: 'fail', csv: { types: columns } }),
  async source({ maintenance, atLeast, ...selection }, ctx) {
    const found = await ctx.findTargets(selection);
    const hosts = maintenance === 'keep' ? found : found.filter((host) => !host.inMaintenance);
    const leftOut = found.length - hosts.length;
    if (leftOut > 0)
      ctx.log.warn(`${leftOut} hosts are in maintenance and left out: ${found.flatMap((host) => (host.inMaintenance ? [host.name] : [])).join(', ')}`);
    if (hosts.length < atLeast) throw tooFew({ hosts, atLeast, leftOut });
    ctx.log.info(`${hosts.length} hosts: ${hosts.map(({ name }) => name).join(', ')}`);
    const file = path.join(await ctx.files.scratch(), 'hosts.csv');
    await writeFile(file, [Object.keys(columns), ...hosts.map(rowOf)].map((row) => `${row.map(quoted).join(',')}\n`).join(''));
    return { path: file, csv: { delimiter: ',', quote: '"', header: true, types: columns } };
  },
});

function tooFew({ hosts, atLeast, leftOut }: { hosts: TargetFacts[]; atLeast: number; leftOut: number }): Conflict {
  const besides = leftOut > 0 ? ` besides ${leftOut} in maintenance` : '';
  return new Conflict('targets.too_few', `${hosts.length} hosts fit${besides}; there must be at least ${atLeast}.`, {
    hint: 'Look at the tags, groups and the condition, or lower `atLeast`.',
  });
}

function rowOf({ name, address, os, transport, tags, groups, facts }: TargetFacts): string[] {
  return [name, address, os, transport, tags.join(','), groups.join(','), JSON.stringify(facts)];
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
