import { z } from 'zod';
import { Id, Instant } from '../identifiers.ts';
import { PageQuery, pageOf } from '../page.ts';
import { defineRoute } from '../route.ts';
import { runStates } from '../run.ts';
import { Target, TargetChange, TargetDetail, TargetFilter, TargetInput, targetParam, targetStates, targetSystems } from '../target.ts';
import { TestResult } from './connections.ts';

const tag = 'Targets';

export const TransportInfo = z
  .object({
    kind: z.string(),
    title: z.string(),
    icon: z.string(),
    description: z.string(),
    os: z.array(z.enum(targetSystems)),
    settings: z.record(z.string(), z.unknown()).describe('JSON Schema'),
    credentialTypes: z.array(z.string()),
    takesVia: z.boolean(),
    gathers: z.boolean().describe('Whether it can find out about a host'),
  })
  .meta({ id: 'TransportInfo' });
export type TransportInfo = z.infer<typeof TransportInfo>;

export const TargetSummary = z
  .object({
    states: z.partialRecord(z.enum(targetStates), z.number().int()),
    tags: z.array(z.object({ name: z.string(), targets: z.number().int() })).describe('Those that are there, the most used first; at most 500'),
    categories: z.array(z.string()),
  })
  .meta({ id: 'TargetSummary' });
export type TargetSummary = z.infer<typeof TargetSummary>;

export const TargetRun = z
  .object({
    id: Id,
    number: z.number().int(),
    flow: z.string(),
    title: z.string(),
    state: z.enum(runStates),
    at: Instant.describe('When it opened the host last'),
  })
  .meta({ id: 'TargetRun' });
export type TargetRun = z.infer<typeof TargetRun>;

export const MaintenanceInput = z.strictObject({
  from: Instant.optional().describe('Now when left out'),
  until: Instant.nullable().optional().describe('Left out or null: until somebody ends it'),
  reason: z.string().trim().min(1).max(500),
});
export type MaintenanceInput = z.infer<typeof MaintenanceInput>;

export const targetSorts = ['name', '-name', 'address', 'changed', 'contact'] as const;

export const listTransports = defineRoute({
  name: 'transport.list',
  method: 'GET',
  path: '/api/transports',
  tag,
  access: 'target.read',
  summary: 'List the ways to reach a host, with the schemas of their settings',
  response: z.array(TransportInfo),
});
export const listTargets = defineRoute({
  name: 'target.list',
  method: 'GET',
  path: '/api/targets',
  tag,
  access: 'target.read',
  summary: 'List hosts',
  query: PageQuery.extend({
    ...TargetFilter.shape,
    sort: z.enum(targetSorts).default('name').describe('`changed` and `contact`: the newest first'),
  }),
  response: pageOf(Target),
});
export const summarizeTargets = defineRoute({
  name: 'target.summary',
  method: 'GET',
  path: '/api/target-summary',
  tag,
  access: 'target.read',
  summary: 'How many hosts there are by state, and which tags and categories',
  query: TargetFilter.omit({ state: true }),
  response: TargetSummary,
});
export const showTarget = defineRoute({
  name: 'target.show',
  method: 'GET',
  path: '/api/targets/{target}',
  tag,
  access: 'target.read',
  summary: 'Show a host',
  params: targetParam,
  response: TargetDetail,
});
export const createTarget = defineRoute({
  name: 'target.create',
  method: 'POST',
  path: '/api/targets',
  tag,
  access: 'target.edit',
  status: 201,
  summary: 'Add a host',
  description: 'Without `transport` it is reached by the usual one of its operating system.',
  body: TargetInput,
  response: TargetDetail,
});
export const updateTarget = defineRoute({
  name: 'target.update',
  method: 'PATCH',
  path: '/api/targets/{target}',
  tag,
  access: 'target.edit',
  summary: 'Change a host; what is left out stays',
  params: targetParam,
  body: TargetChange,
  response: TargetDetail,
});
export const archiveTarget = defineRoute({
  name: 'target.archive',
  method: 'DELETE',
  path: '/api/targets/{target}',
  tag,
  access: 'target.edit',
  summary: 'Archive a host',
  description: 'Refused while other hosts are reached through it.',
  params: targetParam,
  response: Target,
});
export const restoreTarget = defineRoute({
  name: 'target.restore',
  method: 'POST',
  path: '/api/targets/{target}/restore',
  tag,
  access: 'target.edit',
  summary: 'Take an archived host into use again',
  description: 'By its id, or by its name while no host in use has it.',
  params: targetParam,
  response: Target,
});
export const testTarget = defineRoute({
  name: 'target.test',
  method: 'POST',
  path: '/api/targets/{target}/test',
  tag,
  access: 'target.edit',
  cost: 'expensive',
  summary: 'Really sign in on a host and say which part works',
  description: 'DNS, port, TLS, host key, sign-in, shell: one check each. The result is kept as its last contact.',
  params: targetParam,
  response: TestResult,
});
export const tryTarget = defineRoute({
  name: 'target.try',
  method: 'POST',
  path: '/api/target-tries',
  tag,
  access: 'target.edit',
  cost: 'expensive',
  summary: 'Test settings of a host before they are saved',
  body: TargetChange.pick({ os: true, transport: true, settings: true, credential: true, via: true }).extend({
    address: TargetInput.shape.address,
    os: TargetInput.shape.os,
    target: z.string().max(253).optional().describe('The stored host that these are changes of'),
  }),
  response: TestResult,
});
export const gatherTarget = defineRoute({
  name: 'target.gather',
  method: 'POST',
  path: '/api/targets/{target}/gather',
  tag,
  access: 'target.edit',
  cost: 'expensive',
  summary: 'Find out about a host on the host itself: system, version, processors, memory, disks',
  params: targetParam,
  response: TargetDetail,
});
export const startMaintenance = defineRoute({
  name: 'target.startMaintenance',
  method: 'PUT',
  path: '/api/targets/{target}/maintenance',
  tag,
  access: 'target.edit',
  summary: 'Take a host out of work for a time; steps that name it fail until then, and can be tried again',
  params: targetParam,
  body: MaintenanceInput,
  response: Target,
});
export const endMaintenance = defineRoute({
  name: 'target.endMaintenance',
  method: 'DELETE',
  path: '/api/targets/{target}/maintenance',
  tag,
  access: 'target.edit',
  summary: 'End the maintenance of a host',
  params: targetParam,
  response: Target,
});
export const listTargetRuns = defineRoute({
  name: 'target.runs',
  method: 'GET',
  path: '/api/targets/{target}/runs',
  tag,
  access: 'target.read',
  summary: 'The runs that opened a host, the newest first',
  description: 'Of the runs that the reader may see.',
  params: targetParam,
  query: PageQuery,
  response: pageOf(TargetRun),
});
