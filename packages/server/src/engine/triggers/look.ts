// One look of one trigger: what it finds and remembers is kept in one transaction with the runs that it starts, under the lease of who looked.
import { InvalidInput, TimedOut, toAppError, toStoredError } from '@tidewheel/contract/errors';
import type { PollingTrigger, TriggerContext, TriggerLook } from '@tidewheel/kit/define-trigger';
import type { OpenConnection } from '@tidewheel/kit/step-context';
import { newId } from '../../base/ids.ts';
import { redactor } from '../../base/redactor.ts';
import { inTransaction } from '../worker/claim.store.ts';
import { type FiringTrigger, findFiring } from './firing.store.ts';
import { type Judged, judge, ownerOf } from './firing.ts';
import { keepFirings } from './keep-firings.ts';
import type { TriggerDeps } from './trigger-deps.ts';
import { knownKeys } from './trigger-events.store.ts';
import * as store from './trigger-looks.store.ts';

/** A look takes no longer. */
const withinMs = 110_000;
/** Whoever is to be told is told after so many failures in a row: a network that blinks is no news. */
const toldAfter = 3;
const longestPauseSeconds = 3_600;

/** Looks, and keeps what came of it; a failure is kept too. Throws only when the database does. */
export async function lookOnce(deps: TriggerDeps, { trigger: id, token, signal }: store.Leased & { signal: AbortSignal }): Promise<void> {
  const [trigger] = await findFiring(deps.databases.enginePool, [id]);
  const kind = deps.kinds.find((one) => one.kind === trigger?.kind);
  if (!trigger || kind?.how !== 'look') return store.releaseLease(deps.databases.enginePool, { trigger: id, token });
  const lease = { trigger: id, token };
  try {
    await keep(deps, { trigger, kind, lease, found: await look(deps, { trigger, kind, signal }) });
  } catch (thrown) {
    if (signal.aborted) return store.releaseLease(deps.databases.enginePool, lease);
    await fail(deps, { trigger, kind, lease, thrown });
  }
}

interface Looking {
  trigger: FiringTrigger;
  kind: PollingTrigger;
  lease: store.Leased;
}

async function look(deps: TriggerDeps, { trigger, kind, signal }: Omit<Looking, 'lease'> & { signal: AbortSignal }): Promise<TriggerLook> {
  // Before anything is found: what cannot start now is left where it is, and found again when it can.
  await deps.starter.find(ownerOf(trigger), trigger.flow);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(withinMs)]);
  return withContext(deps, { trigger, signal: limit, isTest: false }, (ctx) => inTime(limit, kind.look(kind.config.parse(trigger.config), ctx)));
}

/** Also a far side that never answers, whoever forgot to listen to the signal. */
export async function inTime<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => {});
  const stop = () =>
    ended.reject(
      (signal.reason as Error)?.name === 'TimeoutError'
        ? new TimedOut('trigger.timeout', 'Looking took too long.', { hint: 'It is tried again by itself.' })
        : signal.reason,
    );
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, ended.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** What a kind sees while it looks; the secrets of its connections are forgotten afterwards. */
export async function withContext<T>(
  deps: TriggerDeps,
  { trigger, signal, isTest }: { trigger: Pick<FiringTrigger, 'id' | 'workspace_id' | 'memory'>; signal: AbortSignal; isTest: boolean },
  work: (ctx: TriggerContext) => Promise<T>,
): Promise<T> {
  const workspaceId = trigger.workspace_id;
  const releases: (() => void)[] = [];
  const connectorOf = ({ slug, type, config, secret }: OpenConnection) => ({
    connector: deps.connectors.find((one) => one.type === type),
    reach: { workspaceId, slug, config, secret, signal },
    refusal: (what: string) =>
      new InvalidInput('connection.type', `The connection "${slug}" is of type ${type}, which ${what}.`, { hint: 'Name another connection.' }),
  });
  try {
    return await work({
      workspaceId,
      now: new Date(),
      signal,
      memory: trigger.memory,
      isTest,
      items: (keys) => store.readItems(deps.databases.enginePool, { trigger: trigger.id, keys }),
      async connection(slug) {
        const { release, ...open } = await deps.connections.open(workspaceId, slug);
        releases.push(release);
        return open;
      },
      files(opened) {
        const { connector, reach, refusal } = connectorOf(opened);
        if (!connector?.files) throw refusal('holds no files');
        return connector.files(reach);
      },
      withDatabase(opened, use) {
        const { connector, reach, refusal } = connectorOf(opened);
        if (!connector?.withDatabase) throw refusal('is no database');
        return connector.withDatabase(reach, use);
      },
      async keep({ name, mediaType }, content) {
        const stored = await deps.objects.put(workspaceId, [content] as unknown as AsyncIterable<Uint8Array>);
        return { kind: 'file', name, mediaType, ...stored };
      },
    });
  } finally {
    for (const release of releases) release();
  }
}

async function keep(deps: TriggerDeps, { trigger, kind, lease, found }: Looking & { found: TriggerLook }): Promise<void> {
  const pool = deps.databases.enginePool;
  // Two copies of one mail are one event.
  const findings = oneOfEach(found.findings);
  const known = await knownKeys(pool, { trigger: trigger.id, keys: findings.map(({ key }) => key) });
  const fresh = findings.filter(({ key }) => !known.has(key));
  const judged: Judged[] = [];
  for (const { files = [], ...finding } of fresh) judged.push(await judge(deps, trigger, { ...finding, files, depth: 0 }));
  const { items = [], gone = [], memory } = found;
  const nextInSeconds = found.more ? 0 : spread(kind.everySeconds(kind.config.parse(trigger.config)));
  const cancelling = await inTransaction(pool, async (client) => {
    if (!(await store.holdLease(client, lease))) return [];
    const after = await keepFirings(client, { judged, queue: deps.queue });
    await store.keepItems(client, { workspaceId: trigger.workspace_id, trigger: trigger.id, items: oneOfEach(items), gone });
    await store.keepLook(client, { trigger: trigger.id, memory, note: noteOf(found), nextInSeconds });
    return after;
  });
  for (const { run } of cancelling) await deps.starter.cancelBefore(ownerOf(trigger), run);
}

function oneOfEach<T extends { key: string }>(found: readonly T[]): T[] {
  return [...new Map(found.map((one) => [one.key, one])).values()];
}

/** So that a thousand triggers that were made at once do not look at once for ever. */
function spread(seconds: number): number {
  return seconds * (0.95 + Math.random() * 0.1);
}

function noteOf({ waiting = [] }: TriggerLook): string | null {
  const [first] = waiting;
  if (!first) return null;
  const others = waiting.length === 1 ? '' : ` and ${waiting.length - 1} more wait`;
  return `${first.title} waits: ${first.why}${others}.`;
}

async function fail(deps: TriggerDeps, { trigger, kind, lease, thrown }: Looking & { thrown: unknown }): Promise<void> {
  const { stack: _stack, ...error } = redactor.deep(toStoredError(thrown));
  if (toAppError(thrown).status >= 500) deps.log.warn({ err: thrown, trigger: trigger.id }, 'a trigger could not look');
  const every = kind.config.safeParse(trigger.config);
  const base = every.success ? kind.everySeconds(every.data) : 60;
  await inTransaction(deps.databases.enginePool, async (client) => {
    const { rows } = await client.query<{ failures: number }>('select failures from flow_trigger where id = $1 for update', [trigger.id]);
    const before = rows[0]?.failures ?? 0;
    const nextInSeconds = Math.min(longestPauseSeconds, spread(Math.max(base, 5) * 2 ** Math.min(before, 10)));
    const kept = await store.keepFailure(client, { ...lease, error, nextInSeconds });
    if (kept?.failures !== toldAfter) return;
    await store.raiseFailing(client, { workspaceId: trigger.workspace_id, id: newId(), trigger: trigger.id, error, failures: kept.failures });
  });
}
