// The server's process: reads settings, starts, says that it is ready, stops in order on a signal or when its launcher is gone.
import { AppError, Bug, InvalidInput, toAppError } from '@tidewheel/contract/errors';
import { createLogger, type Logger } from '../base/logger.ts';
import { readSettings, type Settings } from '../base/settings.ts';
import { type RunningServer, startServer } from './compose.ts';
import { openDataFolder, openLogFile } from './data-folder.ts';
import { placeDemoRules, startDemoMorning } from './demo/color-desk.ts';
import { demoFlows } from './demo/demo-files.ts';
import { runOnce } from './run-once.ts';
import { withSecretFiles } from './secret-files.ts';
import { systemActor } from './system-actor.ts';

const startedAt = Number(process.env['TIDEWHEEL_STARTED_AT']) || Date.now() - Math.round(process.uptime() * 1_000);

/** Who started us holds a channel to us; when it closes, its end is ours. Before we serve there is nothing to put in order: Postgres ends with us. */
const launcher = { onGone: (): void => process.exit(1) };
if (process.channel) {
  process.once('disconnect', () => launcher.onGone());
  // Listening must not keep us alive; the server itself does.
  process.channel.unref();
}

/** One line in the log that says what to do; the trace only for a defect of ours. */
function reportFailure(log: Logger, thrown: unknown): void {
  const error = toAppError(thrown);
  const trace = error instanceof Bug || !(thrown instanceof AppError) ? { err: thrown } : {};
  log.fatal({ code: error.code, hint: error.hint, ...trace }, error.message);
}

/** The first call stops in order; `exitCode` of the process is the caller's. */
function stopper(log: Logger, server: RunningServer): () => Promise<void> {
  let stopping: Promise<void> | null = null;
  return () => {
    stopping ??= server.stop().catch((error: unknown) => {
      reportFailure(log, error);
      process.exitCode = 1;
    });
    return stopping;
  };
}

function announce(server: RunningServer, settings: Settings): void {
  const ready = {
    type: 'ready',
    origin: server.origin,
    firstLink: server.firstLink,
    dataFolder: settings.dataFolder,
    roles: [...settings.roles],
    note: noteOnPort(server, settings),
    ms: Date.now() - startedAt,
  };
  if (process.send) process.send(ready);
  else
    process.stdout.write(
      `Tidewheel is ready${server.origin ? ` on ${server.origin}` : ''}\n${server.firstLink ? `First administrator: ${server.firstLink}\n` : ''}`,
    );
}

function noteOnPort(server: RunningServer, settings: Settings): string | null {
  if (!server.origin || settings.port === 0 || settings.publicUrl || new URL(server.origin).port === String(settings.port)) return null;
  return `Port ${settings.port} is taken by another program, so this is another one.`;
}

/** Standard output carries the one line of JSON and nothing else. @returns the exit code */
async function once(server: RunningServer, settings: Settings): Promise<number> {
  const readyMs = Date.now() - startedAt;
  if (!settings.roles.has('worker')) throw new InvalidInput('settings.role', '--once needs the role worker.', { hint: 'Leave out --roles.' });
  const { engine, foundation, tables } = server.parts;
  const actor = systemActor(foundation.workspaceId);
  await placeDemoRules({ databases: foundation.databases, tables }, actor);
  const flows = await runOnce({
    runs: engine.runs,
    actor,
    flows: Object.keys(demoFlows),
    tell: (line) => void process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`${JSON.stringify({ ready_ms: readyMs, flows })}\n`);
  return flows.every((flow) => flow.status === 'succeeded') ? 0 : 1;
}

async function main(): Promise<void> {
  // The launcher may be gone already: nobody reads, and that is no reason to fail.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  let log = createLogger({ role: 'server', level: 'info' });
  try {
    const settings = readSettings(await withSecretFiles(process.env));
    const folder = await openDataFolder(settings.dataFolder);
    log = createLogger({ role: [...settings.roles].join(','), level: settings.logLevel, file: await openLogFile(folder) });
    const server = await startServer({ settings, folder, log, orAnyPort: process.env['TIDEWHEEL_PORT'] === undefined });
    await serve({ settings, log, server }).catch(async (error: unknown) => {
      await server.stop();
      throw error;
    });
  } catch (error) {
    reportFailure(log, error);
    process.exitCode = 1;
    launcher.onGone = () => {};
    if (process.connected) process.disconnect();
  }
}

async function serve({ settings, log, server }: { settings: Settings; log: Logger; server: RunningServer }): Promise<void> {
  const stop = stopper(log, server);
  const end = async (reason: string): Promise<void> => {
    log.info({ reason }, 'Stopping.');
    await stop();
    launcher.onGone = () => {};
    if (process.connected) process.disconnect();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end(signal));
  launcher.onGone = () => void end('the launcher is gone');
  if (process.argv.includes('--once')) {
    process.exitCode = await once(server, settings);
    return end('the demo flows are done');
  }
  if (process.argv.includes('--demo'))
    await openDemoDesk(server).catch((error: unknown) => log.warn({ err: error }, 'The demo of the color desk is not complete.'));
  announce(server, settings);
}

/** Of `npm start`: a new installation has a desk to look at. */
async function openDemoDesk({ parts: { engine, foundation, tables, settings } }: RunningServer): Promise<void> {
  const actor = systemActor(foundation.workspaceId);
  if (!settings.roles.has('api') || !settings.roles.has('worker')) return;
  await placeDemoRules({ databases: foundation.databases, tables }, actor);
  await startDemoMorning(engine.runs, actor);
}

await main();
