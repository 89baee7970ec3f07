// What a template can speak of. Every name is there, so that a template that is right once is right for every event; what there is none of is null.
import type { TemplateContent } from '@tidewheel/contract/notify';
import type { EventFacts } from '../dispatch/facts.ts';

export interface ScopeParts {
  facts: EventFacts;
  workspace: { slug: string; title: string };
  recipient: { name: string | null; email: string | null };
  link: string | null;
  /** Why he is told, as a sentence. */
  reason: string;
  more: { count: number; titles: string[] };
  /** Null where a role keeps it from the recipient. */
  startedBy: string | null;
}

const outcomes: Readonly<Record<string, string>> = { succeeded: 'succeeded', failed: 'failed', cancelled: 'was cancelled' };

export function scopeOf({ facts, workspace, recipient, link, reason, more, startedBy }: ScopeParts): Record<string, unknown> {
  const { flow, run } = facts;
  return {
    event: {
      id: facts.id,
      kind: facts.kind,
      severity: facts.severity,
      title: facts.title,
      text: facts.text,
      object: facts.object,
      data: facts.data,
      raisedBy: facts.raisedBy,
      at: minuteOf(facts.at),
    },
    flow: flow && { slug: flow.slug, title: flow.title, folder: flow.folder, kind: flow.kind },
    run: run && {
      number: run.number,
      state: run.state,
      outcome: outcomes[run.state] ?? run.state,
      startedBy,
      startedAt: minuteOf(run.startedAt),
      finishedAt: minuteOf(run.finishedAt),
      seconds: run.seconds,
      duration: durationOf(run.seconds),
      error: run.error,
      failedStep: run.failedStep,
      failuresInARow: facts.failuresInARow,
    },
    recipient,
    workspace,
    link,
    reason,
    more: { ...more, rest: Math.max(0, more.count - more.titles.length) },
  };
}

function minuteOf(at: Date | null): string | null {
  return at && `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function durationOf(seconds: number | null): string {
  if (seconds === null) return 'unknown';
  if (seconds < 60) return `${Math.round(seconds * 10) / 10} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${Math.round(seconds % 60)} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** For saving and previewing without an event. Whatever a template reads of an event's data is there, so that it can be written ahead of it. */
export function sampleScope(template: TemplateContent): Record<string, unknown> {
  const named = Object.values(template)
    .filter((part) => typeof part === 'string')
    .flatMap((part) => [...part.matchAll(/event\.data\.([A-Za-z_][A-Za-z0-9_]*)/g)].map(([, name = '']) => name));
  return scopeOf({
    facts: { ...sample, data: { ...sample.data, ...Object.fromEntries(named.map((name) => [name, `(${name})`])) } },
    workspace: { slug: 'main', title: 'Main' },
    recipient: { name: 'Ada Example', email: 'ada@example.org' },
    link: 'https://tidewheel.example.org/w/main/runs/0190a1b2-0000-7000-8000-000000000001',
    reason: 'You get this because you started the run.',
    more: { count: 2, titles: ['Run 40 of Daily prices failed', 'Run 41 of Daily prices failed'] },
    startedBy: 'ada@example.org',
  });
}

const sample: EventFacts = {
  workspaceId: '',
  id: '0190a1b2-0000-7000-8000-000000000002',
  kind: 'run.failed',
  severity: 'error',
  title: 'Run 42 of Daily prices failed',
  text: 'The host prices.example.org cannot be reached <timeout>',
  object: { type: 'run', id: '0190a1b2-0000-7000-8000-000000000001' },
  data: { number: 42, version: 3, code: 'egress.failed' },
  raisedBy: 'engine',
  at: new Date('2026-11-20T06:00:42Z'),
  flow: { id: '', slug: 'daily-prices', title: 'Daily prices', folder: 'finance', kind: 'pipeline', owner: 'ada@example.org' },
  run: {
    id: '0190a1b2-0000-7000-8000-000000000001',
    number: 42,
    state: 'failed',
    startedBy: 'ada@example.org',
    startedById: null,
    isInHisName: false,
    startedAt: new Date('2026-11-20T06:00:00Z'),
    finishedAt: new Date('2026-11-20T06:00:42Z'),
    seconds: 42,
    error: { code: 'egress.failed', message: 'The host prices.example.org cannot be reached <timeout>' },
    failedStep: 'fetch',
  },
  onlyFor: null,
  failuresInARow: 1,
  usualSeconds: 30,
};
