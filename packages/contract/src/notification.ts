// Something that people may have to be told of: a run that ended, an approval that is asked for, or what another program raises.
import { z } from 'zod';
import { Id, Instant, Slug } from './identifiers.ts';

export const severities = ['info', 'warning', 'error', 'critical'] as const;
export const Severity = z.enum(severities);
export type Severity = z.infer<typeof Severity>;

/** What the engine raises by itself. Others may not raise these kinds. */
export const engineKinds = [
  'run.succeeded',
  'run.failed',
  'run.cancelled',
  'approval.opened',
  'schedule.failed',
  'schedule.missed',
  'trigger.failing',
  'color.matched',
] as const;

export const NotificationKind = z
  .string()
  .max(60)
  .regex(/^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*$/, 'must be words of a-z, 0-9 and _, divided by dots: feed.late');

/** What it is about, as far as it is about something: an object of Tidewheel, or one that only whoever raised it knows. */
export const NotificationObject = z.strictObject({ type: z.string().min(1).max(60), id: z.string().min(1).max(200) });

export const NotificationEvent = z
  .object({
    id: Id,
    kind: NotificationKind,
    severity: Severity,
    title: z.string(),
    text: z.string().nullable(),
    object: NotificationObject.nullable(),
    flow: Slug.nullable().describe('The flow that it is about; whoever may not see its runs does not see this either'),
    data: z.record(z.string(), z.unknown()),
    raisedBy: z.string().nullable().describe('`engine`, or who raised it; null when a role hides it'),
    at: Instant,
  })
  .meta({ id: 'NotificationEvent' });
export type NotificationEvent = z.infer<typeof NotificationEvent>;

export const notificationLimits = { title: 200, text: 4_000, dataBytes: 16_384, keepDays: 90 };
