// What is done to many hosts at once: bulk actions, tests, import and export.
import { z } from 'zod';
import { BulkResult } from '../bulk-result.ts';
import { Folder, Slug } from '../identifiers.ts';
import { defineRoute } from '../route.ts';
import { TargetChoice, TargetFilter, TargetTag, targetSystems } from '../target.ts';
import { TestResult } from './connections.ts';
import { MaintenanceInput } from './targets.ts';

const tag = 'Targets';

/** More in one call would hold a transaction too long; an import of more comes in parts. */
export const mostTargetsAtOnce = 10_000;

export const TargetAction = z
  .discriminatedUnion('do', [
    z.strictObject({ do: z.literal('tag'), add: z.array(TargetTag).max(50).default([]), remove: z.array(TargetTag).max(50).default([]) }),
    z.strictObject({ do: z.literal('group'), add: z.array(Slug).max(50).default([]), remove: z.array(Slug).max(50).default([]) }),
    z.strictObject({ do: z.literal('category'), category: Folder.nullable() }),
    z.strictObject({ do: z.literal('startMaintenance'), maintenance: MaintenanceInput }),
    z.strictObject({ do: z.literal('endMaintenance') }),
    z.strictObject({ do: z.literal('archive') }),
  ])
  .meta({ id: 'TargetAction' });
export type TargetAction = z.infer<typeof TargetAction>;

/** What a column of an import may be taken as. */
export const importFields = [
  'name',
  'title',
  'description',
  'os',
  'address',
  'transport',
  'credential',
  'via',
  'dependsOn',
  'category',
  'tags',
  'groups',
] as const;

const ImportField = z
  .string()
  .max(120)
  .refine((field) => field === '' || (importFields as readonly string[]).includes(field) || /^(settings|facts)\.[A-Za-z_][A-Za-z0-9_]{0,63}$/.test(field), {
    error: `must be one of ${importFields.join(', ')}, settings.<name> or facts.<name>; empty to leave the column out`,
  });

export const ImportRequest = z.strictObject({
  format: z.enum(['csv', 'ansible']).describe('ansible: an inventory as INI or YAML'),
  text: z.string().max(7_000_000),
  columns: z.record(z.string().max(200), ImportField).optional().describe('CSV: heading to what it is taken as; left out: by their names'),
  defaults: z
    .strictObject({
      os: z.enum(targetSystems).optional(),
      transport: z.string().max(60).optional(),
      credential: Slug.optional(),
      category: Folder.optional(),
      tags: z.array(TargetTag).max(50).optional(),
    })
    .default({})
    .describe('For what a line leaves out, of hosts that are new'),
  existing: z.enum(['update', 'keep']).default('update').describe('Of hosts that are there: change what the line says, or leave them alone'),
  onFaults: z.enum(['stop', 'skip']).default('stop').describe('stop: with a fault in any line nothing is imported'),
  dryRun: z.boolean().default(true),
});
export type ImportRequest = z.infer<typeof ImportRequest>;

export const ImportResult = z
  .object({
    dryRun: z.boolean(),
    columns: z.array(z.object({ column: z.string(), field: z.string().nullable() })).describe('How the columns are taken; null: not at all'),
    created: z.number().int(),
    updated: z.number().int(),
    unchanged: z.number().int(),
    newGroups: z.array(z.string()),
    notes: z.array(z.string()).describe('What was left out on purpose, such as passwords'),
    faults: z
      .array(z.object({ line: z.number().int(), name: z.string().nullable(), message: z.string(), hint: z.string().optional() }))
      .describe('The first 500'),
    faultCount: z.number().int(),
    hosts: z
      .array(z.object({ line: z.number().int(), name: z.string(), what: z.enum(['created', 'updated', 'unchanged']), changes: z.array(z.string()) }))
      .describe('The first 500'),
  })
  .meta({ id: 'TargetImportResult' });
export type ImportResult = z.infer<typeof ImportResult>;

/** An event of the stream of `target.testMany`. */
export const TargetTested = z.object({ name: z.string(), result: TestResult }).meta({ id: 'TargetTested' });
export type TargetTested = z.infer<typeof TargetTested>;

export const changeTargets = defineRoute({
  name: 'target.bulk',
  method: 'POST',
  path: '/api/target-bulk',
  tag,
  access: 'target.edit',
  cost: 'expensive',
  summary: 'Do the same to many hosts, or show to which',
  body: z.strictObject({ choice: TargetChoice, action: TargetAction, dryRun: z.boolean().default(false) }),
  response: BulkResult,
});
export const testTargets = defineRoute({
  name: 'target.testMany',
  method: 'POST',
  path: '/api/target-tests',
  tag,
  access: 'target.edit',
  cost: 'expensive',
  summary: 'Test many hosts, a few at a time, and tell each result as it comes',
  description: 'Events: `begin` with how many, `tested` for each host, `end` with how many work. Who goes away ends it.',
  body: z.strictObject({ choice: TargetChoice, atOnce: z.number().int().min(1).max(50).default(10) }),
  response: TargetTested,
  responseType: 'text/event-stream',
});
export const importTargets = defineRoute({
  name: 'target.import',
  method: 'POST',
  path: '/api/target-imports',
  tag,
  access: 'target.edit',
  cost: 'expensive',
  summary: 'Add and change hosts from CSV or an Ansible inventory; shows first what it would do',
  body: ImportRequest,
  response: ImportResult,
});
export const exportTargets = defineRoute({
  name: 'target.export',
  method: 'GET',
  path: '/api/target-export',
  tag,
  access: 'target.read',
  summary: 'The hosts as CSV, as the import takes it',
  query: TargetFilter,
  responseType: 'application/octet-stream',
  response: z.unknown(),
});
