// Versions of flows: drafts, what changed, going back, the switch, and many flows as one text.
import { z } from 'zod';
import { FlowDiff, TextDiff } from '../flow-diff.ts';
import { FlowDocument, FlowKind } from '../flow-document.ts';
import { Folder, Instant, Slug } from '../identifiers.ts';
import { Fault } from '../problem.ts';
import { defineRoute } from '../route.ts';
import { RunSummary } from '../run.ts';
import { JsonSchema } from '../step-type.ts';
import { Flow, FlowSummary, mostVersions, SourceBody } from './flows.ts';

const slugParam = z.object({ slug: Slug });
const revision = z.number().int().min(0).max(mostVersions);

export const FlowDraft = z
  .object({
    flow: Slug,
    source: z.string(),
    document: FlowDocument.nullable().describe('Null when the text cannot be read as a flow document'),
    valid: z.boolean().describe('Without it, it can be neither published nor tested'),
    faults: z.array(Fault).describe('As seen by who asks'),
    parametersSchema: JsonSchema.nullable().describe('JSON Schema of the parameters that a test takes; null when it is not valid'),
    revision: z.number().int().describe('Goes up each time it is saved'),
    base: z.number().int().describe('The newest version when it was saved; 0: none was published'),
    savedBy: z.string(),
    savedAt: Instant,
  })
  .meta({ id: 'FlowDraft' });
export type FlowDraft = z.infer<typeof FlowDraft>;

const seenRevision = z.object({ revision: revision.describe('Of the draft that you have seen; another one is refused') });

export const showDraft = defineRoute({
  name: 'flow.draft',
  method: 'GET',
  path: '/api/flows/{slug}/draft',
  tag: 'Flows',
  access: 'flow.read',
  summary: 'Show the draft of a flow',
  params: slugParam,
  response: FlowDraft,
});
export const saveDraft = defineRoute({
  name: 'flow.saveDraft',
  method: 'PUT',
  path: '/api/flows/{slug}/draft',
  tag: 'Flows',
  access: 'flow.edit',
  summary: 'Keep a text as the draft of a flow',
  description:
    'It may have faults; they are in the answer. A flow has one draft; a flow that is not there yet is made without a version, and starts no runs until one is published.',
  params: slugParam,
  body: SourceBody.extend({ revision: revision.default(0).describe('Of the draft that you have seen; 0 when there is none') }),
  response: FlowDraft,
});
export const discardDraft = defineRoute({
  name: 'flow.discardDraft',
  method: 'DELETE',
  path: '/api/flows/{slug}/draft',
  tag: 'Flows',
  access: 'flow.edit',
  summary: 'Throw the draft of a flow away',
  description: 'A flow that never had a version is archived.',
  params: slugParam,
  query: z.object({ revision: z.coerce.number().int().min(1).max(mostVersions).optional().describe('Only this one') }),
  response: FlowSummary,
});
export const publishDraft = defineRoute({
  name: 'flow.publish',
  method: 'POST',
  path: '/api/flows/{slug}/draft/publish',
  tag: 'Flows',
  access: 'flow.edit',
  summary: 'Make the draft of a flow its next version',
  description: 'Refused when it has faults, when it was saved again meanwhile, or when another version was made since it was saved.',
  params: slugParam,
  body: seenRevision,
  response: z.object({ flow: Flow, outcome: z.enum(['created', 'updated', 'unchanged']) }),
});
export const testDraft = defineRoute({
  name: 'flow.test',
  method: 'POST',
  path: '/api/flows/{slug}/draft/runs',
  tag: 'Flows',
  access: 'flow.edit',
  status: 201,
  summary: 'Start a run of the draft of a flow',
  description: 'Takes the permission to run the flow too. The run is marked as a test; its steps read and write for real.',
  params: slugParam,
  body: seenRevision.extend({ parameters: z.record(z.string(), z.unknown()).default({}), idempotencyKey: z.string().max(200).optional() }),
  response: RunSummary,
});

/** A version by its number, or the draft. */
export const VersionName = z.union([z.literal('draft'), z.coerce.number().int().min(1).max(mostVersions)]);
export type VersionName = z.infer<typeof VersionName>;
const DiffSide = z.object({
  version: z.number().int().nullable().describe('Null: the draft'),
  draft: z.number().int().nullable().describe('The revision of the draft'),
  by: z.string(),
  at: Instant,
});

export const FlowComparison = z
  .object({
    flow: Slug,
    from: DiffSide,
    to: DiffSide,
    same: z.boolean().describe('The same meaning, whatever the texts look like'),
    changes: FlowDiff.nullable().describe('Null when the draft cannot be read as a flow document'),
    text: TextDiff,
  })
  .meta({ id: 'FlowComparison' });
export type FlowComparison = z.infer<typeof FlowComparison>;

export const diffFlow = defineRoute({
  name: 'flow.diff',
  method: 'GET',
  path: '/api/flows/{slug}/diff',
  cost: 'expensive',
  tag: 'Flows',
  access: 'flow.read',
  summary: 'What changed between two versions of a flow',
  params: slugParam,
  query: z.object({
    from: VersionName.optional().describe('A version, or `draft`; the one before `to` unless told'),
    to: VersionName.optional().describe('A version, or `draft`; the newest unless told'),
  }),
  response: FlowComparison,
});
export const restoreVersion = defineRoute({
  name: 'flow.restoreVersion',
  method: 'POST',
  path: '/api/flows/{slug}/versions/{version}/restore',
  tag: 'Flows',
  access: 'flow.edit',
  summary: 'Make the text of an older version the newest version',
  params: z.object({ slug: Slug, version: z.coerce.number().int().min(1).max(mostVersions) }),
  response: z.object({ flow: Flow, outcome: z.enum(['created', 'updated', 'unchanged']) }),
});

export const switchFlowOff = defineRoute({
  name: 'flow.switchOff',
  method: 'POST',
  path: '/api/flows/{slug}/switch-off',
  tag: 'Flows',
  access: 'flow.edit',
  summary: 'Let a flow start no more runs',
  description: 'It stays in the lists and takes versions. Runs that have begun go on.',
  params: slugParam,
  body: z.object({ reason: z.string().trim().min(1).max(1_000).describe('Told to everybody who would start it') }),
  response: FlowSummary,
});
export const switchFlowOn = defineRoute({
  name: 'flow.switchOn',
  method: 'POST',
  path: '/api/flows/{slug}/switch-on',
  tag: 'Flows',
  access: 'flow.edit',
  summary: 'Let a flow start runs again',
  params: slugParam,
  response: FlowSummary,
});

/** At most so many flows, and so many characters, to a text of several. */
export const bundleLimits = { flows: 500, characters: 5_000_000 };

export const exportFlows = defineRoute({
  name: 'flow.export',
  method: 'GET',
  path: '/api/flow-bundle',
  tag: 'Flows',
  access: 'flow.read',
  summary: 'Export flows as one YAML text',
  description: 'The newest versions as they were written, each a document of the stream, by name. What only has a draft is left out.',
  query: z.object({
    flows: z.string().max(10_000).optional().describe('Names, divided by commas; all unless told'),
    folder: Folder.optional().describe('Of this folder and those below it'),
    kind: FlowKind.optional(),
  }),
  response: z.string(),
  responseType: 'application/yaml',
});

export const ImportedFlow = z
  .object({
    flow: z.string().nullable().describe('Null when the document does not tell its name'),
    line: z.number().int().describe('Where the document begins in the text'),
    outcome: z.enum(['created', 'updated', 'unchanged', 'refused']),
    version: z.number().int().nullable().describe('The version that it is or becomes'),
    reason: z.string().nullable().describe('Why it is refused'),
    faults: z.array(Fault).describe('With the lines of the whole text'),
    changes: FlowDiff.nullable().describe('Against the newest version, of what is updated'),
  })
  .meta({ id: 'ImportedFlow' });
export type ImportedFlow = z.infer<typeof ImportedFlow>;

export const importFlows = defineRoute({
  name: 'flow.import',
  method: 'POST',
  path: '/api/flow-bundle',
  cost: 'expensive',
  tag: 'Flows',
  access: 'flow.edit',
  summary: 'Create and change several flows from one YAML text',
  description: 'All or nothing: with one that is refused, none is kept. A dry run tells what would happen, refusals included, and keeps nothing.',
  body: z.object({
    source: z.string().max(bundleLimits.characters).describe('YAML documents divided by `---`'),
    dryRun: z.boolean().default(false),
  }),
  response: z.object({ dryRun: z.boolean(), flows: z.array(ImportedFlow) }),
});
