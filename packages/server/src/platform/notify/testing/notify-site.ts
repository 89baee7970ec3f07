// Notifications on a real database: people, flows and runs as the engine leaves them, a far side that keeps what it gets, and a worker that is stepped.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { permissions } from '@tidewheel/contract/route';
import { channels } from '@tidewheel/steps/notify/channels';
import { sql } from 'kysely';
import { pino } from 'pino';
import { reachableIn } from '../../../app/notify-parts.ts';
import type { Actor } from '../../../base/actor.ts';
import { newId } from '../../../base/ids.ts';
import { type FreshDatabase, freshDatabase } from '../../../testing/database.ts';
import { createMailer, sendNext } from '../../mail/outbox.ts';
import { startSmtp } from '../../mail/testing/smtp-host.ts';
import { createVault } from '../../vault/vault.service.ts';
import type { NotifyDeps } from '../ports.ts';
import { createRenderer } from '../render/renderer.ts';
import { createNotifier, type Notifier } from '../send/notifier.ts';

export interface FarSide {
  origin: string;
  seen: { url: string; headers: IncomingMessage['headers']; body: string }[];
  answer: (response: ServerResponse) => void;
  close(): void;
}

export async function startFarSide(): Promise<FarSide> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      far.seen.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
      far.answer(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const far: FarSide = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: [],
    answer: (response) => response.end('ok'),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return far;
}

export type NotifySite = Awaited<ReturnType<typeof openSite>>;

export async function openSite() {
  const database: FreshDatabase = await freshDatabase({ size: 12 });
  const { databases, workspaceId, address } = database;
  const log = pino({ level: 'silent' });
  const vault = createVault({ databases, masterKey: address.masterKey });
  const mail = { databases, vault, masterKey: address.masterKey, workspaceId, log };
  const renderer = createRenderer();
  const deps: NotifyDeps = {
    databases,
    vault,
    mailer: createMailer(mail),
    channels,
    renderer,
    reachable: reachableIn(databases),
    origin: () => 'https://tidewheel.example.org',
    log,
  };
  const smtp = await startSmtp({ authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'] });
  const notifier: Notifier = createNotifier(deps);
  const admin: Actor = { userId: newId(), label: 'admin@example.org', workspaceId, role: 'admin', permissions: new Set(permissions) };
  const pool = databases.enginePool;

  async function addPerson(name: string, role = 'developer'): Promise<Actor> {
    const id = newId();
    const email = `${name}@example.org`;
    await pool.query(`insert into identity."user" (id, name, email, email_verified) values ($1, $2, $3, true)`, [id, name, email]);
    await pool.query('insert into identity.membership (workspace_id, user_id, role) values ($1, $2, $3)', [workspaceId, id, role]);
    return { userId: id, label: email, workspaceId, role, permissions: new Set(permissions) };
  }
  async function addFlow(slug: string, { owner = 'nobody@example.org', folder = null }: { owner?: string; folder?: string | null } = {}): Promise<string> {
    const [flow, version] = [newId(), newId()];
    await pool.query(`insert into flow (workspace_id, id, slug, title, kind, folder, newest_version, step_count) values ($1, $2, $3, $3, 'job', $4, 1, 1)`, [
      workspaceId,
      flow,
      slug,
      folder,
    ]);
    await pool.query(
      `insert into flow_version (workspace_id, id, flow_id, version, source, document, hash, created_by) values ($1, $2, $3, 1, '', '{}', '', $4)`,
      [workspaceId, version, flow, owner],
    );
    return flow;
  }
  /** Some runs that ended, with their events, in one transaction as the engine writes them. */
  async function endRuns(
    flow: string,
    {
      state = 'failed',
      by,
      count = 1,
      seconds = 60,
      error = 'host <b>timed out</b>',
    }: { state?: string; by?: Actor; count?: number; seconds?: number; error?: string } = {},
  ): Promise<void> {
    const ids = Array.from({ length: count }, () => [newId(), newId()] as const);
    await pool.query(
      `with r as (insert into run (workspace_id, id, flow_id, version_id, state, parameters, started_by, started_by_id, frozen_now, frozen_today, started_at, finished_at, error)
         select $1, i.run, $3, (select id from flow_version where flow_id = $3), $4, '{}', $5, $6, now(), current_date, now() - make_interval(secs => $7), now(),
           case when $4 = 'failed' then jsonb_build_object('code', 'egress.failed', 'message', $8::text, 'retryable', false) end
         from unnest($2::uuid[], $9::uuid[]) as i(run, event) returning id, number)
       insert into notification_event (workspace_id, id, kind, severity, title, text, object_type, object_id, flow_id, raised_by)
       select $1, i.event, 'run.' || $4, case $4 when 'succeeded' then 'info' else 'error' end, 'Run ' || r.number || ' ' || $4, case when $4 = 'failed' then $8::text end, 'run', r.id::text, $3, 'engine'
       from unnest($2::uuid[], $9::uuid[]) as i(run, event) join r on r.id = i.run`,
      [workspaceId, ids.map(([run]) => run), flow, state, by?.label ?? 'nobody', by?.userId ?? null, seconds, error, ids.map(([, event]) => event)],
    );
  }
  return {
    database,
    deps,
    admin,
    notifier,
    smtp,
    workspaceId,
    addPerson,
    addFlow,
    endRuns,
    async setMail(): Promise<void> {
      await databases.engine
        .insertInto('mail_server')
        .values({
          host: '127.0.0.1',
          port: smtp.port,
          security: 'none',
          certificate_authority: null,
          user_name: null,
          workspace_id: workspaceId,
          credential_id: null,
          from_address: 'tw@example.org',
          from_name: null,
          updated_by: 'test',
        })
        .execute();
    },
    /** A round of the worker, the outbox emptied, and another one that reads what came of it. */
    async round(): Promise<void> {
      await notifier.round();
      while (await sendNext(mail));
      await notifier.round();
    },
    async messages() {
      return databases.engine.selectFrom('notification_message').selectAll().where('workspace_id', '=', workspaceId).orderBy('id').execute();
    },
    async forget(): Promise<void> {
      smtp.mails.length = 0;
      for (const table of [
        'notification_message',
        'notification_pending',
        'notification_streak',
        'mail_outbox',
        'notification_preference',
        'notification_rule',
        'notification_team',
        'notification_template',
        'notification_channel',
        'notification_event',
      ])
        await sql`delete from ${sql.table(table)}`.execute(databases.engine);
    },
    async close(): Promise<void> {
      await notifier.stop();
      await renderer.close();
      await smtp.close();
      await database.drop();
    },
  };
}
