// Why a run and its steps are where they are: computed from what is recorded, never guessed.
import { z } from 'zod';
import { Id, Instant, Slug, StepId } from '../identifiers.ts';
import { defineRoute, permissions } from '../route.ts';
import { RunState, StepState } from '../run.ts';

/** What keeps something from running, or what ended it. */
export const whyCodes = [
  'engine_paused',
  'no_worker',
  'workers_draining',
  'workers_full',
  'due',
  'taken',
  'worker_silent',
  'retry_wait',
  'timer',
  'signal',
  'callback',
  'approval',
  'children',
  'slot',
  'rate',
  'held',
  'paused',
  'predecessor',
  'following',
  'cancelling',
  'cancelled',
  'timed_out',
  'condition_false',
  'predecessor_failed',
  'failed',
  'undone',
  'never_reached',
] as const;
export type WhyCode = (typeof whyCodes)[number];

export const WhyReason = z
  .object({
    code: z.enum(whyCodes),
    text: z.string().describe('The reason in one sentence'),
    since: Instant.nullable(),
    until: Instant.nullable().describe('When it changes by itself, where that is known'),
    by: z.string().nullable().describe('Who caused it'),
    change: z
      .object({
        text: z.string().describe('Who or what can change it'),
        permission: z.enum(permissions).nullable().describe('What a person needs for that'),
        you: z.boolean().nullable().describe('Whether whoever asks holds it'),
      })
      .nullable(),
    figures: z
      .object({
        tag: z.string(),
        workers: z.number().int().describe('Workers that are alive and have the tag'),
        places: z.number().int().describe('How much they run at once, all together'),
        held: z.number().int().describe('Of these, how many are taken'),
        ahead: z.number().int().describe('What goes first in the same queue, at most 10,000 are counted'),
        attempt: z.number().int(),
        attempts: z.number().int().describe('How often it is tried at most'),
        steps: z.array(StepId).describe('The steps that it is about'),
        name: z.string().describe('Of the signal or callback that it waits for'),
        approval: Id.describe('The approval that it waits for'),
        approved: z.number().int().describe('How many have approved'),
        quorum: z.number().int().describe('How many must'),
        total: z.number().int().describe('How many runs below it there will be'),
        ended: z.number().int().describe('How many of them have ended'),
        failed: z.number().int().describe('How many of these failed'),
        keys: z.array(z.string()).describe('The limits that are reached'),
        runs: z
          .array(z.object({ id: Id, number: z.number().int() }))
          .describe('The runs that it waits for, or that failed below it, as far as you may see them'),
      })
      .partial(),
  })
  .meta({ id: 'WhyReason' });
export type WhyReason = z.infer<typeof WhyReason>;

export const WhyRetry = z
  .object({
    attempt: z.number().int().describe('The attempt that failed'),
    at: Instant.describe('When it failed'),
    nextAt: Instant.describe('When the next attempt was, or is, due'),
    code: z.string(),
    message: z.string(),
  })
  .meta({ id: 'WhyRetry' });
export type WhyRetry = z.infer<typeof WhyRetry>;

export const StepWhy = z
  .object({
    step: StepId,
    state: StepState,
    reason: WhyReason.nullable().describe('Null when it runs, or succeeded after retries'),
    retries: z.array(WhyRetry),
    attemptsLeft: z.number().int().nullable().describe('How often it may be tried again; null once it has ended'),
  })
  .meta({ id: 'StepWhy' });
export type StepWhy = z.infer<typeof StepWhy>;

export const RunWhy = z
  .object({
    id: Id,
    number: z.number().int(),
    flow: Slug,
    state: RunState,
    reason: WhyReason.nullable().describe('Null when it runs, or succeeded'),
    steps: z.array(StepWhy).describe('Each step that does not run and did not succeed, and each that was tried again'),
  })
  .meta({ id: 'RunWhy' });
export type RunWhy = z.infer<typeof RunWhy>;

export const showWhy = defineRoute({
  name: 'run.why',
  method: 'GET',
  path: '/api/runs/{id}/why',
  tag: 'Runs',
  access: 'run.read',
  summary: 'Why each step of a run is not running: the reason, since when, and who or what can change it',
  params: z.object({ id: Id }),
  response: RunWhy,
});
