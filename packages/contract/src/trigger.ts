// What starts runs when something happens: the settings of triggers and the events that they keep.
import { z } from 'zod';
import { Folder, Id, Instant, Slug, StepId } from './identifiers.ts';
import { StoredErrorSchema } from './run.ts';

export const triggerKinds = ['webhook', 'file', 'watermark', 'flow', 'mail'] as const;
export const TriggerKind = z.enum(triggerKinds);
export type TriggerKind = z.infer<typeof TriggerKind>;

/** fired: it started a run. unmet: its condition was false. refused: it could not start one, and `reason` says why. */
export const triggerEventStates = ['fired', 'unmet', 'refused'] as const;
export const TriggerEventState = z.enum(triggerEventStates);
export type TriggerEventState = z.infer<typeof TriggerEventState>;

/** How a trigger is: `idle` ones are only told of things and have nothing to fail at. */
export const triggerHealths = ['idle', 'healthy', 'failing', 'paused'] as const;
export const TriggerHealth = z.enum(triggerHealths);
export type TriggerHealth = z.infer<typeof TriggerHealth>;

const Cel = z.string().min(1).max(10_000);

export const TriggerInput = z.object({
  title: z.string().trim().min(1).max(200),
  config: z.record(z.string(), z.unknown()).describe('As the schema of its kind says'),
  parameters: z.record(StepId, Cel).default({}).describe('Parameter of the flow to a CEL expression over `event`: `event.body.date`'),
  condition: Cel.nullable().default(null).describe('CEL over `event`; it fires only when this is true'),
});
export type TriggerInput = z.infer<typeof TriggerInput>;

export const Trigger = z
  .object({
    id: Id,
    slug: Slug,
    title: z.string(),
    kind: TriggerKind,
    flow: Slug,
    flowTitle: z.string(),
    folder: Folder.nullable().describe('That of its flow'),
    config: z.record(z.string(), z.unknown()),
    parameters: z.record(z.string(), z.string()),
    condition: z.string().nullable(),
    owner: z.string().nullable().describe('In whose name it starts runs; null when a role hides it'),
    health: TriggerHealth,
    failing: z.object({ since: Instant, times: z.number().int(), error: StoredErrorSchema }).nullable().describe('While it cannot look'),
    note: z.string().nullable().describe('What it saw at its last look and why that does not fire yet'),
    paused: z.object({ at: Instant, by: z.string() }).nullable(),
    lastLookAt: Instant.nullable(),
    nextLookAt: Instant.nullable(),
    lastFiredAt: Instant.nullable(),
    url: z.string().nullable().describe('Of a webhook: where it is called'),
    secret: z
      .object({ setAt: Instant, previousUntil: Instant.nullable().describe('Until then the secret before counts too') })
      .nullable()
      .describe('Of a webhook; it is never shown again'),
    createdAt: Instant,
    updatedAt: Instant,
    archivedAt: Instant.nullable(),
  })
  .meta({ id: 'Trigger' });
export type Trigger = z.infer<typeof Trigger>;

export const TriggerEvent = z
  .object({
    id: Id,
    at: Instant,
    state: TriggerEventState,
    title: z.string(),
    reason: z.string().nullable().describe('Why it started no run'),
    times: z.number().int().describe('How often it came: above 1 the others were duplicates, or the same refusal within a minute'),
    lastAt: Instant.describe('When it came last'),
    run: z.object({ id: Id, number: z.number().int() }).nullable(),
    event: z.record(z.string(), z.unknown()).nullable().describe('What came; null when nothing was kept of it'),
    replayOf: Id.nullable().describe('The event that somebody fired again'),
  })
  .meta({ id: 'TriggerEvent' });
export type TriggerEvent = z.infer<typeof TriggerEvent>;

export const TriggerTest = z
  .object({
    ok: z.boolean(),
    summary: z.string(),
    lines: z.array(z.object({ title: z.string(), detail: z.string() })),
    sample: z.object({ curl: z.string(), url: z.string() }).nullable().describe('Of a webhook: a call to try'),
  })
  .meta({ id: 'TriggerTest' });
export type TriggerTest = z.infer<typeof TriggerTest>;

export const TriggerKindInfo = z
  .object({
    kind: TriggerKind,
    title: z.string(),
    icon: z.string(),
    description: z.string(),
    config: z.record(z.string(), z.unknown()).describe('JSON Schema of its settings'),
    event: z.record(z.string(), z.unknown()).describe('JSON Schema of `event`'),
    examples: z.array(z.object({ title: z.string(), config: z.record(z.string(), z.unknown()) })),
  })
  .meta({ id: 'TriggerKindInfo' });
export type TriggerKindInfo = z.infer<typeof TriggerKindInfo>;

/** The step that hands on what started a run keeps no more than a step's value may have. */
export const triggerLimits = { eventBytes: 65_536, historyDays: 90, chainDepth: 16, hookBytes: 1_000_000 };
