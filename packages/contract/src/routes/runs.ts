import { z } from 'zod';
import { Id, Instant, Sha256, Slug, StepId } from '../identifiers.ts';
import { PageQuery, pageOf } from '../page.ts';
import { defineRoute } from '../route.ts';
import { originKinds, Run, RunEvent, RunMode, RunState, RunStepId, RunSummary } from '../run.ts';
import { Deadline, Priority, TestData } from '../start-options.ts';
import { Preview } from '../values.ts';

const idParam = z.object({ id: Id });
const stepParam = z.object({ id: Id, step: StepId });

export const startRun = defineRoute({
  name: 'run.start',
  method: 'POST',
  path: '/api/flows/{slug}/runs',
  tag: 'Runs',
  access: 'flow.run',
  status: 201,
  summary: 'Start a run of a flow',
  params: z.object({ slug: Slug }),
  body: z.object({
    parameters: z.record(z.string(), z.unknown()).default({}),
    idempotencyKey: z.string().max(200).optional().describe('A second start with the same key answers with the first run'),
    mode: RunMode.optional().describe('`dry`: nothing outside is changed. Test data implies it'),
    priority: Priority.optional(),
    deadline: Deadline.optional(),
    testData: z.record(StepId, TestData).optional().describe('By step: what it is to have given, in place of running it'),
  }),
  response: RunSummary,
});
export const listRuns = defineRoute({
  name: 'run.list',
  method: 'GET',
  path: '/api/runs',
  tag: 'Runs',
  access: 'run.read',
  summary: 'List runs, newest first',
  query: PageQuery.extend({
    flow: Slug.optional(),
    state: RunState.optional(),
    kind: z.enum(['pipeline', 'report', 'job', 'color']).optional(),
    origin: z
      .enum([...originKinds, 'person'])
      .optional()
      .describe('What started it'),
    schedule: Slug.optional().describe('Only those that this schedule started'),
    trigger: Slug.optional().describe('Only those that this trigger started'),
    parent: Id.optional().describe('The runs below this one, instead of those that somebody or something started'),
    step: RunStepId.optional().describe('Of these, those of one step'),
  }),
  response: pageOf(RunSummary),
});
export const showRun = defineRoute({
  name: 'run.show',
  method: 'GET',
  path: '/api/runs/{id}',
  tag: 'Runs',
  access: 'run.read',
  summary: 'Show a run and its steps',
  params: idParam,
  response: Run,
});
export const cancelRun = defineRoute({
  name: 'run.cancel',
  method: 'POST',
  path: '/api/runs/{id}/cancel',
  tag: 'Runs',
  access: 'run.cancel',
  status: 202,
  summary: 'Cancel a run',
  params: idParam,
  response: RunSummary,
});
export const listEvents = defineRoute({
  name: 'run.events',
  method: 'GET',
  path: '/api/runs/{id}/events',
  tag: 'Runs',
  access: 'run.read',
  summary: 'Events of a run after a sequence number',
  params: idParam,
  query: z.object({ after: z.coerce.number().int().min(0).default(0), limit: z.coerce.number().int().min(1).max(1_000).default(500) }),
  response: z.array(RunEvent),
});
export const streamEvents = defineRoute({
  name: 'run.stream',
  method: 'GET',
  path: '/api/runs/{id}/stream',
  tag: 'Runs',
  access: 'run.read',
  summary: 'Events and logs of a run as server-sent events',
  description:
    'Event names are `event` and `log`; each `id` is `<event seq>.<log seq>`, accepted in Last-Event-ID to resume. Ends with the event `end` when the run has ended.',
  params: idParam,
  query: z.object({ after: z.coerce.number().int().min(0).default(0), afterLog: z.coerce.number().int().min(0).default(0) }),
  response: z.string(),
  responseType: 'text/event-stream',
});
export const showPreview = defineRoute({
  name: 'run.preview',
  method: 'GET',
  path: '/api/runs/{id}/steps/{step}/preview',
  cost: 'expensive',
  tag: 'Runs',
  access: 'run.read',
  summary: 'The first 100 rows that a step produced',
  params: stepParam,
  response: Preview,
});
export const showTable = defineRoute({
  name: 'run.table',
  method: 'GET',
  path: '/api/runs/{id}/steps/{step}/table',
  tag: 'Runs',
  access: 'run.read',
  summary: 'Rows of a stored table of a step',
  description: 'To look at: a cell of more than 20,000 characters is cut and says how long it was. A file that the run wrote has all of it.',
  params: stepParam,
  query: z.object({
    which: z.enum(['table', 'rejected']).default('table'),
    offset: z.coerce.number().int().min(0).default(0),
    limit: z.coerce.number().int().min(1).max(1_000).default(100),
  }),
  response: Preview.extend({ total: z.number().int() }),
});

export const Artifact = z
  .object({
    id: Id,
    run: Id,
    flow: Slug,
    step: StepId,
    name: z.string(),
    mediaType: z.string(),
    size: z.number().int(),
    sha256: Sha256,
    md5: z.string(),
    createdAt: Instant,
    metadata: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'Artifact' });
export type Artifact = z.infer<typeof Artifact>;

export const listArtifacts = defineRoute({
  name: 'artifact.list',
  method: 'GET',
  path: '/api/artifacts',
  tag: 'Artifacts',
  access: 'artifact.read',
  summary: 'List artifacts, newest first',
  query: PageQuery.extend({ run: Id.optional(), flow: Slug.optional(), sha256: Sha256.optional() }),
  response: pageOf(Artifact),
});
export const downloadArtifact = defineRoute({
  name: 'artifact.download',
  method: 'GET',
  path: '/api/artifacts/{id}/content',
  tag: 'Artifacts',
  access: 'artifact.read',
  summary: 'Download an artifact',
  description: 'The answer carries the SHA-256 as a strong ETag and in Repr-Digest (RFC 9530).',
  params: idParam,
  response: z.string(),
  responseType: 'application/octet-stream',
});

export const Delivery = z
  .object({
    id: Id,
    run: Id,
    step: StepId,
    artifact: Id.nullable(),
    fileName: z.string(),
    sha256: z.union([Sha256, z.literal('')]).describe('Empty where nobody knows it: of what was never read whole'),
    size: z.number().int(),
    connection: z.string().describe('The connection, or the target, that it went to'),
    destination: z.string().describe('Where it went, e.g. sftp://host/in/file.xml'),
    attempt: z.number().int(),
    state: z.enum(['delivered', 'failed']),
    at: Instant,
    ms: z.number().int(),
    receipt: z.record(z.string(), z.unknown()).nullable().describe('What the far side confirmed: size, hash, how it was verified'),
    error: z.string().nullable(),
  })
  .meta({ id: 'Delivery' });
export type Delivery = z.infer<typeof Delivery>;
export const listDeliveries = defineRoute({
  name: 'delivery.list',
  method: 'GET',
  path: '/api/deliveries',
  tag: 'Artifacts',
  access: 'artifact.read',
  summary: 'List delivery attempts, newest first',
  query: PageQuery.extend({ run: Id.optional(), connection: Slug.optional(), state: z.enum(['delivered', 'failed']).optional() }),
  response: pageOf(Delivery),
});
