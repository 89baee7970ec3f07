import { z } from 'zod';
import { FlowDocument, FlowKind } from '../flow-document.ts';
import { Folder, Id, Instant, Slug } from '../identifiers.ts';
import { PageQuery, pageOf } from '../page.ts';
import { Fault } from '../problem.ts';
import { defineRoute } from '../route.ts';
import { RunState } from '../run.ts';
import { JsonSchema, StepTypeInfo } from '../step-type.ts';

export const FlowSummary = z
  .object({
    id: Id,
    slug: Slug,
    title: z.string(),
    kind: FlowKind,
    folder: Folder.nullable(),
    description: z.string().nullable(),
    version: z.number().int().describe('The newest version; 0: it only has a draft'),
    steps: z.number().int(),
    createdAt: Instant,
    updatedAt: Instant,
    archivedAt: Instant.nullable(),
    off: z.object({ at: Instant, by: z.string(), reason: z.string() }).nullable().describe('Switched off: it starts no runs'),
    draft: z.object({ revision: z.number().int(), errors: z.number().int(), savedBy: z.string(), savedAt: Instant }).nullable(),
    lastRun: z.object({ id: Id, state: RunState, finishedAt: Instant.nullable() }).nullable(),
  })
  .meta({ id: 'FlowSummary' });
export type FlowSummary = z.infer<typeof FlowSummary>;

export const Flow = FlowSummary.extend({
  source: z.string().describe('The YAML as it was written'),
  document: FlowDocument,
  hash: z.string().describe('SHA-256 of the RFC 8785 canonical JSON of the document'),
  parametersSchema: JsonSchema.describe('JSON Schema of the parameters a run takes, for forms'),
  stretches: z.array(z.array(z.string())).describe('Groups of table steps that run as one table job'),
  warnings: z.array(Fault),
}).meta({ id: 'Flow' });
export type Flow = z.infer<typeof Flow>;

export const FlowVersion = z
  .object({ version: z.number().int(), hash: z.string(), createdAt: Instant, createdBy: z.string(), source: z.string() })
  .meta({ id: 'FlowVersion' });

/** No number of a version or revision is greater. */
export const mostVersions = 2_000_000_000;

export const SourceBody = z.object({ source: z.string().max(2_000_000).describe('YAML of the flow document') });
const slugParam = z.object({ slug: Slug });

export const listFlows = defineRoute({
  name: 'flow.list',
  method: 'GET',
  path: '/api/flows',
  tag: 'Flows',
  access: 'flow.read',
  summary: 'List flows',
  query: PageQuery.extend({
    kind: FlowKind.optional(),
    folder: Folder.optional().describe('Of this folder and those below it'),
    search: z.string().max(200).optional(),
    archived: z.stringbool().default(false),
    sort: z.enum(['title', '-updatedAt']).default('title'),
  }),
  response: pageOf(FlowSummary),
});
export const showFlow = defineRoute({
  name: 'flow.show',
  method: 'GET',
  path: '/api/flows/{slug}',
  tag: 'Flows',
  access: 'flow.read',
  summary: 'Show a flow with its newest version',
  params: slugParam,
  query: z.object({
    version: z.coerce.number().int().min(1).max(mostVersions).optional(),
    draft: z.stringbool().default(false).describe('`version` is the revision of a draft that was tested'),
  }),
  response: Flow,
});
export const applyFlow = defineRoute({
  name: 'flow.apply',
  method: 'POST',
  path: '/api/flows',
  tag: 'Flows',
  access: 'flow.edit',
  summary: 'Create a flow, or add a version to the one with that name',
  description:
    "The slug is the document's `flow`. The very same text makes no new version; another text of the same meaning does, with the same hash. All faults are reported at once.",
  body: SourceBody,
  response: z.object({ flow: Flow, outcome: z.enum(['created', 'updated', 'unchanged']) }),
});
export const validateFlow = defineRoute({
  name: 'flow.validate',
  method: 'POST',
  path: '/api/flows/validate',
  cost: 'expensive',
  tag: 'Flows',
  access: 'flow.read',
  summary: 'Check a flow document without saving it',
  body: SourceBody,
  response: z.object({ valid: z.boolean(), faults: z.array(Fault), document: FlowDocument.nullable() }),
});
export const archiveFlow = defineRoute({
  name: 'flow.archive',
  method: 'DELETE',
  path: '/api/flows/{slug}',
  tag: 'Flows',
  access: 'flow.edit',
  summary: 'Archive a flow; it can be restored',
  params: slugParam,
  response: FlowSummary,
});
export const restoreFlow = defineRoute({
  name: 'flow.restore',
  method: 'POST',
  path: '/api/flows/{slug}/restore',
  tag: 'Flows',
  access: 'flow.edit',
  summary: 'Restore an archived flow',
  params: slugParam,
  response: FlowSummary,
});
export const listVersions = defineRoute({
  name: 'flow.versions',
  method: 'GET',
  path: '/api/flows/{slug}/versions',
  tag: 'Flows',
  access: 'flow.read',
  summary: 'List the versions of a flow, newest first',
  params: slugParam,
  query: PageQuery,
  response: pageOf(FlowVersion),
});
export const listStepTypes = defineRoute({
  name: 'stepType.list',
  method: 'GET',
  path: '/api/step-types',
  tag: 'Flows',
  access: 'flow.read',
  summary: 'List the step types a flow can use',
  response: z.array(StepTypeInfo),
});
