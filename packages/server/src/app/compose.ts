// Joins the slices to one running server, in the roles that the settings name.
import { rm } from 'node:fs/promises';
import { allowEgress } from '@tidewheel/kit/egress/egress';
import { connectors, stepTypes, transports, triggers as triggerKinds } from '@tidewheel/steps/index';
import { closeIdleConnections } from '@tidewheel/steps/ssh/ssh-pool';
import { allowSshAgent } from '@tidewheel/steps/ssh/ssh-route';
import { deriveKey } from '../base/aead.ts';
import type { Logger } from '../base/logger.ts';
import type { Settings } from '../base/settings.ts';
import { type Callbacks, callbackAddresses } from '../engine/callbacks.ts';
import { type Engine, startEngine } from '../engine/engine.ts';
import type { FlowDeps } from '../engine/flows/flow-checks.ts';
import type { StepTypes } from '../engine/ports.ts';
import type { TriggerDeps } from '../engine/triggers/trigger-deps.ts';
import { startTriggers } from '../engine/triggers/trigger-rounds.ts';
import { BackgroundWork } from '../features/backups/background-work.ts';
import { createBackupPort } from '../features/backups/backup-port.ts';
import type { BackupDeps } from '../features/backups/backups.service.ts';
import { createColorPort } from '../features/colors/color-port.ts';
import { startUnreadUploads } from '../features/colors/uploads/unread-uploads.ts';
import { createConnectionPort } from '../features/connections/connection-port.ts';
import type { ConnectionDeps } from '../features/connections/connections.service.ts';
import { createUploadedFilePort } from '../features/files/uploaded-file-port.ts';
import { createContactRecorder } from '../features/targets/contact-recorder.ts';
import { createTargetPort } from '../features/targets/target-port.ts';
import type { TargetDeps } from '../features/targets/targets.service.ts';
import { createTouchRecorder } from '../features/targets/touch-recorder.ts';
import { createSigner } from '../platform/audit/checkpoint.ts';
import { startRetention } from '../platform/audit/retention.ts';
import { createSequencer } from '../platform/audit/sequencer.ts';
import { startKeyReminders } from '../platform/identity/key-reminder.ts';
import type { MailDeps } from '../platform/mail/mail.service.ts';
import { createMailer } from '../platform/mail/outbox.ts';
import { createMailPort } from '../platform/mail/step-mail.ts';
import type { NotifyDeps } from '../platform/notify/ports.ts';
import { followSettings, type LiveSettings } from '../platform/security/live-settings.ts';
import { createTableEngine } from '../storage/tables/create-table-engine.ts';
import type { TableEngine } from '../storage/tables/table-engine.ts';
import { openApi } from './api.ts';
import { createBackupPlaces } from './backup-places.ts';
import { type DataFolder, openScratch } from './data-folder.ts';
import { demoServices } from './demo/demo-services.ts';
import { seedDemo } from './demo/seed.ts';
import { type Foundation, layFoundation } from './foundation.ts';
import { membersIn, openNotify } from './notify-parts.ts';
import { systemActor } from './system-actor.ts';
import { openVault, type VaultParts } from './vault-parts.ts';

export interface RunningServer {
  /** Where the API answers; null when this process has no api role. */
  origin: string | null;
  /** The one-time link of the first administrator, while there is none. */
  firstLink: string | null;
  parts: Parts;
  /** Takes no new work, lets what runs end, then closes everything in order. */
  stop(): Promise<void>;
}

export interface StartOptions {
  settings: Settings;
  folder: DataFolder;
  log: Logger;
  /** Take the next free port when the settings' one is taken. */
  orAnyPort?: boolean;
}

/** What the endpoints and the demo stand on. */
export interface Parts {
  settings: Settings;
  log: Logger;
  foundation: Foundation;
  types: StepTypes;
  vault: VaultParts;
  connections: ConnectionDeps;
  targets: TargetDeps;
  backups: BackupDeps;
  mail: MailDeps;
  notify: NotifyDeps;
  security: LiveSettings;
  tables: TableEngine;
  flows: FlowDeps;
  engine: Engine;
  callbacks: Callbacks;
  triggers: TriggerDeps;
}

/** @throws AppError that a person at the terminal can act on; nothing is left running then */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const closers = new AsyncDisposableStack();
  try {
    allowEgress(options.settings.egressAllow);
    allowSshAgent(options.settings.sshAgent);
    // Behind a proxy or on another machine others reach it by its public address only; the port may be another one than was asked for.
    let origin = options.settings.publicUrl ?? `http://${options.settings.host}:${options.settings.port}`;
    const parts = await assemble({ ...options, reached: () => origin }, closers);
    if (options.settings.roles.has('api')) await seed(parts);
    const api = options.settings.roles.has('api') ? await openApi({ parts, orAnyPort: options.orAnyPort ?? false, closers }) : null;
    origin = api?.origin ?? origin;
    return { origin: api?.origin ?? null, firstLink: api?.firstLink ?? null, parts, stop: () => closers.disposeAsync() };
  } catch (error) {
    await closers.disposeAsync();
    throw error;
  }
}

async function assemble({ settings, folder, log, reached }: StartOptions & { reached: () => string }, closers: AsyncDisposableStack): Promise<Parts> {
  const foundation = await layFoundation({ settings, folder, log, closers });
  const { databases, objects } = foundation;
  const security = await followSettings({ databases, egressAllow: settings.egressAllow, log });
  closers.defer(() => security.stop());
  // Idle SFTP sessions would keep the process alive for 20 s.
  closers.defer(closeIdleConnections);
  const vaultParts = openVault({ foundation, settings, log, closers });
  const { vault, uses } = vaultParts;
  const mail = { databases, vault, masterKey: foundation.rootKey, workspaceId: foundation.workspaceId, objects };
  if (settings.roles.has('scheduler')) closers.defer(startKeyReminders({ db: databases.engine, mailer: createMailer(mail), log }));
  if (settings.roles.has('scheduler')) {
    startAuditing({ foundation, log, closers });
    closers.defer(startUnreadUploads({ databases, log }));
  }
  const notify = openNotify({ settings, mail, vault, databases, reached, log, closers });
  const types: StepTypes = new Map(stepTypes.map((type) => [type.type, type]));
  const connections = { databases, vault, uses, connectors: { all: connectors, limits: { folders: settings.folders, dataFolder: settings.dataFolder } } };
  const connectionPort = createConnectionPort(connections);
  const targets = { databases, vault, uses, transports };
  const targetPort = openTargets({ targets, log, closers });
  const uploads = createUploadedFilePort({ databases });
  const scratch = await openScratch(folder);
  closers.defer(() => rm(scratch, { recursive: true, force: true }));
  const tables = createTableEngine({ ...settings.tables, scratch, log });
  closers.defer(() => tables.close());
  const backups = openBackups({ foundation, scratch, security, log, places: createBackupPlaces(connectionPort), closers });
  const callbacks = createCallbacks({ reached, foundation });
  const engine = await startEngine({
    databases,
    types,
    objects,
    tables,
    connections: connectionPort,
    targets: targetPort,
    uploads,
    colors: createColorPort({ databases, objects }),
    backups: createBackupPort({ ...backups, vault }),
    mail: createMailPort({ ...mail, membersOf: membersIn(databases), domains: settings.mailDomains, origin: reached }),
    scratch,
    callbackAddress: callbacks.addressOf,
    log,
    worker: settings.roles.has('worker') ? settings.worker : null,
    supervise: settings.roles.has('scheduler'),
  });
  closers.defer(() => engine.stop());
  const flows = { databases, types, tableEngine: tables, connections: connectionPort, targets: targetPort, uploads };
  const triggers: TriggerDeps = {
    databases,
    queue: engine.queue,
    starter: engine.runs.starter,
    vault,
    objects,
    connections: connectionPort,
    connectors,
    kinds: triggerKinds,
    origin: reached,
    log,
  };
  if (settings.roles.has('scheduler')) {
    const rounds = startTriggers(triggers);
    closers.defer(() => rounds.stop());
  }
  const services = { connections, targets, backups, mail, notify, security, tables, flows };
  return { settings, log, foundation, types, vault: vaultParts, engine, callbacks, triggers, ...services };
}

function openTargets({ targets, log, closers }: { targets: TargetDeps; log: Logger; closers: AsyncDisposableStack }): ReturnType<typeof createTargetPort> {
  const { databases } = targets;
  const touches = createTouchRecorder({ databases, log });
  closers.defer(() => touches.close());
  const contacts = createContactRecorder({ databases, log });
  closers.defer(() => contacts.close());
  return createTargetPort({ ...targets, touches, contacts });
}

interface BackupParts extends Pick<BackupDeps, 'scratch' | 'places'> {
  foundation: Foundation;
  security: LiveSettings;
  log: Logger;
  closers: AsyncDisposableStack;
}

function openBackups({ foundation: { databases, objects, auditKey }, security, log, closers, ...rest }: BackupParts): BackupDeps {
  const work = new BackgroundWork(log);
  closers.defer(() => work.stop());
  return { databases, objects, auditKey, work, uploadMaxBytes: () => security.now().uploadMaxBytes, ...rest };
}

function startAuditing({ foundation, log, closers }: { foundation: Foundation; log: Logger; closers: AsyncDisposableStack }): void {
  const { databases } = foundation;
  const sequencer = createSequencer({ databases, signer: createSigner(foundation.auditKey), log });
  sequencer.start();
  closers.defer(() => sequencer.stop());
  closers.defer(startRetention({ databases, log }));
}

function createCallbacks({ reached, foundation }: { reached: () => string; foundation: Foundation }): Callbacks {
  const key = deriveKey(foundation.rootKey, 'callbacks');
  return { key, ...callbackAddresses({ key, origin: reached }) };
}

async function seed({ settings, log, foundation, connections, flows }: Parts): Promise<void> {
  const actor = systemActor(foundation.workspaceId);
  await seedDemo({ dataFolder: settings.dataFolder, services: demoServices({ actor, connections, flows }), log });
}
