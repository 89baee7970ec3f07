// The api role: every endpoint of every slice, the live channel and the pages, on one port.
import { describePrivateKey } from '@tidewheel/steps/ssh/private-key';
import type { Endpoint } from '../base/endpoint.ts';
import { controlEndpoints } from '../engine/control/control.routes.ts';
import { ControlService } from '../engine/control/control.service.ts';
import { EngineFeed } from '../engine/control/engine-feed.ts';
import { flowEndpoints, flowVersionEndpoints } from '../engine/flows/flows.routes.ts';
import { operationEndpoints } from '../engine/operations/operations.routes.ts';
import { runItemEndpoints } from '../engine/runs/run-items.routes.ts';
import { runLogEndpoints } from '../engine/runs/run-logs.routes.ts';
import { runEndpoints } from '../engine/runs/runs.routes.ts';
import { whyEndpoints } from '../engine/runs/why/why.routes.ts';
import { scheduleEndpoints } from '../engine/schedules/schedules.routes.ts';
import { triggerEndpoints } from '../engine/triggers/triggers.routes.ts';
import { Hooks } from '../engine/triggers/webhook/receive.ts';
import { approvalEndpoints } from '../engine/waits/approvals.routes.ts';
import { signalEndpoints } from '../engine/waits/signals.routes.ts';
import { backupEndpoints } from '../features/backups/backups.routes.ts';
import { colorBufferEndpoints } from '../features/colors/buffer/buffer.routes.ts';
import { colorSourceEndpoints } from '../features/colors/columns/sources.routes.ts';
import { colorDashboardEndpoints } from '../features/colors/dashboard/dashboard.routes.ts';
import { colorProcessingEndpoints } from '../features/colors/processing/processings.routes.ts';
import { colorRuleEndpoints } from '../features/colors/rules/rules.routes.ts';
import { colorSearchEndpoints } from '../features/colors/search/search.routes.ts';
import { colorSessionEndpoints } from '../features/colors/sessions/sessions.routes.ts';
import { colorSheetEndpoints } from '../features/colors/sheet/sheet.routes.ts';
import { colorUploadEndpoints } from '../features/colors/uploads/uploads.routes.ts';
import { connectionEndpoints } from '../features/connections/connections.routes.ts';
import { testConnection } from '../features/connections/connections.service.ts';
import { credentialEndpoints } from '../features/credentials/credentials.routes.ts';
import { fileEndpoints } from '../features/files/files.routes.ts';
import { targetEndpoints } from '../features/targets/targets.routes.ts';
import { auditEndpoints } from '../platform/audit/audit.routes.ts';
import { changeEndpoints } from '../platform/audit/changes.routes.ts';
import { createSigner } from '../platform/audit/checkpoint.ts';
import { createRefusals } from '../platform/audit/refusals.ts';
import { calendarEndpoints } from '../platform/calendars/calendars.routes.ts';
import { streamEndpoints } from '../platform/events/events.routes.ts';
import { type Feeds, openFeeds } from '../platform/events/feeds.ts';
import { notificationEndpoints } from '../platform/events/notification.routes.ts';
import { createIdentity, type Identity } from '../platform/identity/create-identity.ts';
import { mailEndpoints } from '../platform/mail/mail.routes.ts';
import { createMailer } from '../platform/mail/outbox.ts';
import { countInbox } from '../platform/notify/inbox/inbox.service.ts';
import { notifyEndpoints } from '../platform/notify/notify.routes.ts';
import { startRateShares } from '../platform/security/rate-shares.ts';
import { securityEndpoints } from '../platform/security/security.routes.ts';
import { vaultEndpoints } from '../platform/vault/vault.routes.ts';
import { calendarUses } from './calendar-uses.ts';
import { changeModules } from './change-modules.ts';
import type { Parts } from './compose.ts';
import { liveChannel } from './http/live.ts';
import { createHttp } from './http/mount.ts';
import { createRateGuard, type RateGuard } from './http/rate-guard.ts';
import { shareLookups } from './http/shared-lookups.ts';
import { createReadiness } from './system/health.ts';
import { createMetrics, type Metrics } from './system/metrics.ts';
import { systemEndpoints } from './system/system.routes.ts';
import { countLiveRuns, findLiveWorkers, probeDatabase, probeQueue } from './system/system.store.ts';
import { writeSheet } from './write-sheet.ts';

export interface Api {
  origin: string;
  firstLink: string | null;
}

export async function openApi({ parts, orAnyPort, closers }: { parts: Parts; orAnyPort: boolean; closers: AsyncDisposableStack }): Promise<Api> {
  const { settings, log, foundation, engine } = parts;
  const { databases } = foundation;
  const identity = await createIdentity({ databases, mailer: createMailer(parts.mail), masterKey: foundation.rootKey, log });
  const feeds = await openFeeds({
    databases,
    objects: foundation.objects,
    log,
    readRuns: (workspaceId, ids) => engine.runs.readSummaries(workspaceId, ids),
    countUnread: async (actor) => (await countInbox(parts.notify, actor)).unread,
  });
  closers.defer(() => feeds.close());
  const control = new ControlService({ databases, queue: engine.queue });
  const metrics = createMetrics();
  const refusals = createRefusals({ databases, log });
  closers.defer(() => refusals.settled());
  addGauges(metrics, parts);
  const hooks = new Hooks(parts.triggers);
  closers.defer(() => hooks.close());
  const http = await createHttp({
    endpoints: collectEndpoints({ parts, identity, feeds, metrics, control, hooks }),
    authenticate: shareLookups((call) => identity.authenticate(call)),
    settings,
    log,
    webDist: settings.webDist,
    live: liveChannel({ feeds: { ...feeds, engine: new EngineFeed({ control, everyMs: settings.liveStatusSeconds * 1_000 }) }, log }),
    onRequestDone: metrics.requestDone,
    security: parts.security.now,
    refusals,
    guard: startGuard({ parts, metrics, closers }),
  });
  closers.defer(() => http.close());
  const { origin } = await http.listen({ orAnyPort });
  await identity.localToken({ dataFolder: settings.dataFolder, origin });
  const link = await identity.firstLink();
  return { origin, firstLink: link === null ? null : new URL(link, origin).toString() };
}

interface Served {
  parts: Parts;
  identity: Identity;
  feeds: Feeds;
  metrics: Metrics;
  control: ControlService;
  hooks: Hooks;
}

function collectEndpoints({ parts, identity, feeds, metrics, control, hooks }: Served): Endpoint[] {
  const { databases, objects } = parts.foundation;
  const readiness = createReadiness({
    log: parts.log,
    checks: {
      database: () => probeDatabase(databases),
      queue: () => probeQueue(databases),
      'object store': () => objects.probe(),
    },
  });
  return [
    ...identity.endpoints,
    ...mailEndpoints(parts.mail),
    ...securityEndpoints({ databases, live: parts.security, settings: parts.settings }),
    ...flowEndpoints(parts.flows),
    ...flowVersionEndpoints({ ...parts.flows, runs: parts.engine.runs }),
    ...runEndpoints({ runs: parts.engine.runs }),
    ...runItemEndpoints({ databases }),
    ...runLogEndpoints({ databases, objects }),
    ...operationEndpoints(parts.engine.operations),
    ...scheduleEndpoints(parts.engine.schedules),
    ...approvalEndpoints({ databases, queue: parts.engine.queue }),
    ...signalEndpoints({ databases, queue: parts.engine.queue, callbacks: parts.callbacks }),
    ...triggerEndpoints({ ...parts.triggers, hooks }),
    ...whyEndpoints({ databases, queue: parts.engine.queue, types: parts.types }),
    ...controlEndpoints({ control }),
    ...notificationEndpoints({ databases }),
    ...notifyEndpoints(parts.notify),
    ...streamEndpoints({ feed: feeds.runs, authenticate: (call) => identity.authenticate(call) }),
    ...connectionEndpoints(parts.connections),
    ...credentialEndpoints({
      databases,
      vault: parts.vault.vault,
      types: parts.types,
      describeKey: describePrivateKey,
      testConnection: (actor, what) => testConnection(parts.connections, actor, what),
    }),
    ...vaultEndpoints({ databases, keys: parts.vault.keys }),
    ...targetEndpoints(parts.targets),
    ...colorProcessingEndpoints({ databases }),
    ...colorDashboardEndpoints({ databases, writeSheet }),
    ...colorSearchEndpoints({ databases, writeSheet }),
    ...colorRuleEndpoints({ databases, tables: parts.tables }),
    ...colorSessionEndpoints({ databases, tables: parts.tables, starter: parts.engine.runs.starter, queue: parts.engine.queue }),
    ...colorSheetEndpoints({ databases }),
    ...fileEndpoints({ databases, objects, uploadMaxBytes: () => parts.security.now().uploadMaxBytes }),
    ...backupEndpoints(parts.backups),
    ...colorSourceEndpoints({ databases }),
    ...colorUploadEndpoints({ databases, objects, uploadMaxBytes: () => parts.security.now().uploadMaxBytes }),
    ...colorBufferEndpoints({ databases }),
    ...calendarEndpoints({ databases, uses: calendarUses }),
    ...auditEndpoints({ databases, signer: createSigner(parts.foundation.auditKey) }),
    ...changeEndpoints({ databases, modules: changeModules(parts) }),
    ...systemEndpoints({ readiness, metrics, workers: () => findLiveWorkers(databases) }),
  ];
}

function startGuard({ parts, metrics, closers }: { parts: Parts; metrics: Metrics; closers: AsyncDisposableStack }): RateGuard | undefined {
  if (!parts.settings.rateLimits) return undefined;
  const shares = startRateShares({ databases: parts.foundation.databases, log: parts.log });
  closers.defer(() => shares.stop());
  const refused = metrics.counter({ name: 'tidewheel_http_rate_limited_total', help: 'Requests refused because their caller sent too many' });
  return createRateGuard({ rates: () => parts.security.now().rates, shares, onRefused: () => refused.add() });
}

function addGauges(metrics: Metrics, { foundation: { databases } }: Parts): void {
  metrics.gauge({ name: 'tidewheel_runs_live', help: 'Runs that have not ended', read: () => countLiveRuns(databases) });
  metrics.gauge({ name: 'tidewheel_workers_live', help: 'Workers that beat', read: async () => (await findLiveWorkers(databases)).length });
}
