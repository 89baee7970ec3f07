// The tree of commands. A group's file is loaded only when it is called, so that help stays fast.
import { type Command, CommanderError, Command as Program } from '@commander-js/extra-typings';
import { type AppError, toAppError } from '@tidewheel/contract/errors';
import { CommandFailed } from './command-failed.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { interrupted, watchForInterrupt } from './interrupt.ts';
import { failureJson, failureLines } from './output/failure.ts';

interface Entry {
  name: string;
  summary: string;
  load(): Promise<Command>;
}

export const entries: readonly Entry[] = [
  { name: 'login', summary: 'Sign in to a server', load: async () => (await import('./commands/login.ts')).login() },
  { name: 'logout', summary: 'Sign out and forget the token', load: async () => (await import('./commands/logout.ts')).logout() },
  { name: 'whoami', summary: 'Show who you are and what you may do', load: async () => (await import('./commands/whoami.ts')).whoami() },
  { name: 'flow', summary: 'List, check, apply, compare and archive flows', load: async () => (await import('./commands/flow/group.ts')).flow() },
  { name: 'run', summary: 'Start, watch, pause, cancel, repeat and inspect runs', load: async () => (await import('./commands/run/group.ts')).run() },
  {
    name: 'approval',
    summary: 'See what waits for a decision, approve and reject',
    load: async () => (await import('./commands/approval/group.ts')).approval(),
  },
  {
    name: 'dead-letter',
    summary: 'See runs that failed for good; replay or discard them',
    load: async () => (await import('./commands/dead-letter/group.ts')).deadLetter(),
  },
  {
    name: 'schedule',
    summary: 'Start flows at moments that rules name; see what comes, what was, and why',
    load: async () => (await import('./commands/schedule/group.ts')).schedule(),
  },
  {
    name: 'scheduler',
    summary: 'See who fires schedules and how that goes; stop and start all firing',
    load: async () => (await import('./commands/scheduler/group.ts')).scheduler(),
  },
  { name: 'backfill', summary: 'Run a flow for every date of a range', load: async () => (await import('./commands/backfill/group.ts')).backfill() },
  {
    name: 'performance',
    summary: 'Run a flow many times over and measure its steps',
    load: async () => (await import('./commands/performance/group.ts')).performance(),
  },
  {
    name: 'trigger',
    summary: 'Start flows when something happens: a call, a file, a row, a mail, the end of a run',
    load: async () => (await import('./commands/trigger/group.ts')).trigger(),
  },
  { name: 'artifact', summary: 'List and download what runs produced', load: async () => (await import('./commands/artifact/group.ts')).artifact() },
  { name: 'delivery', summary: 'See what was delivered where', load: async () => (await import('./commands/delivery/group.ts')).delivery() },
  { name: 'connection', summary: 'Manage connections and test them', load: async () => (await import('./commands/connection/group.ts')).connection() },
  {
    name: 'credential',
    summary: 'Manage credentials: rotate and test them, see where they are used',
    load: async () => (await import('./commands/credential/group.ts')).credential(),
  },
  {
    name: 'target',
    summary: 'Manage hosts: test, import and change them, take them out of work',
    load: async () => (await import('./commands/target/group.ts')).target(),
  },
  { name: 'target-group', summary: 'Group hosts by a list or by a query', load: async () => (await import('./commands/target-group/group.ts')).targetGroup() },
  { name: 'vault', summary: 'See the keys of the vault, and re-wrap all of them', load: async () => (await import('./commands/vault/group.ts')).vault() },
  { name: 'backup', summary: 'Back up and restore the workspace or its color desk', load: async () => (await import('./commands/backup/group.ts')).backup() },
  { name: 'file', summary: 'Upload and download files that flows use', load: async () => (await import('./commands/file/group.ts')).file() },
  {
    name: 'color',
    summary: 'Work at the color desk: bring colors, see what waits and what was processed',
    load: async () => (await import('./commands/color/group.ts')).color(),
  },
  {
    name: 'calendar',
    summary: 'See and keep calendars: which days are business days',
    load: async () => (await import('./commands/calendar/group.ts')).calendar(),
  },
  {
    name: 'step-type',
    summary: 'See what steps there are and how to configure them',
    load: async () => (await import('./commands/step-type/group.ts')).stepType(),
  },
  {
    name: 'user',
    summary: 'List and invite people, set their roles, help who is locked out',
    load: async () => (await import('./commands/user/group.ts')).user(),
  },
  {
    name: 'workspace',
    summary: 'See and switch workspaces, create them and say who is in them',
    load: async () => (await import('./commands/workspace/group.ts')).workspace(),
  },
  {
    name: 'service-account',
    summary: 'Manage accounts of programs and their keys',
    load: async () => (await import('./commands/service-account/group.ts')).serviceAccount(),
  },
  { name: 'role', summary: 'See and change what roles may do', load: async () => (await import('./commands/role/group.ts')).role() },
  { name: 'grant', summary: 'Give members more for a time, or share one object', load: async () => (await import('./commands/grant/group.ts')).grant() },
  {
    name: 'delegation',
    summary: 'Lend your rights while you are away',
    load: async () => (await import('./commands/delegation/group.ts')).delegation(),
  },
  {
    name: 'separation',
    summary: 'Keep duties apart: which permissions nobody may hold together',
    load: async () => (await import('./commands/separation/group.ts')).separation(),
  },
  { name: 'access', summary: 'Explain who may do what, and why', load: async () => (await import('./commands/access/group.ts')).access() },
  { name: 'token', summary: 'Manage your API tokens', load: async () => (await import('./commands/token/group.ts')).token() },
  { name: 'session', summary: 'See where you are signed in, and end it', load: async () => (await import('./commands/session/group.ts')).session() },
  {
    name: 'second-factor',
    summary: 'Set up or switch off what signing in asks for after your password',
    load: async () => (await import('./commands/second-factor/group.ts')).secondFactor(),
  },
  { name: 'passkey', summary: 'List, rename and remove your passkeys', load: async () => (await import('./commands/passkey/group.ts')).passkey() },
  { name: 'profile', summary: 'Change your name or your e-mail address', load: async () => (await import('./commands/profile.ts')).profile() },
  { name: 'password', summary: 'Change your password', load: async () => (await import('./commands/password.ts')).passwordChange() },
  {
    name: 'sign-in-rules',
    summary: 'Show and set the rules of passwords and sessions',
    load: async () => (await import('./commands/sign-in-rules/group.ts')).signInRules(),
  },
  {
    name: 'sso',
    summary: 'Sign-in through OpenID Connect providers, and the roles that their groups give',
    load: async () => (await import('./commands/sso/group.ts')).sso(),
  },
  {
    name: 'notification',
    summary: 'Read what you were told of, say how, and see what became of each message',
    load: async () => (await import('./commands/notification/group.ts')).notification(),
  },
  {
    name: 'notification-rule',
    summary: 'Say which events are told to whom, and by which channels',
    load: async () => (await import('./commands/notification-rule/group.ts')).notificationRule(),
  },
  {
    name: 'notification-team',
    summary: 'Name lists of people, roles and addresses that rules tell',
    load: async () => (await import('./commands/notification-team/group.ts')).notificationTeam(),
  },
  {
    name: 'notification-template',
    summary: 'Word the messages: templates in Liquid, previewed and versioned',
    load: async () => (await import('./commands/notification-template/group.ts')).notificationTemplate(),
  },
  {
    name: 'channel',
    summary: 'Set the ways by which people are told, and test them',
    load: async () => (await import('./commands/channel/group.ts')).channel(),
  },
  { name: 'mail', summary: 'Set the mail server, test it and see what was sent', load: async () => (await import('./commands/mail/group.ts')).mail() },
  {
    name: 'security',
    summary: 'Limits of requests and uploads, foreign web sites, and where connections may go',
    load: async () => (await import('./commands/security/group.ts')).security(),
  },
  { name: 'change', summary: 'See what was changed, and take it back', load: async () => (await import('./commands/change/group.ts')).change() },
  { name: 'audit', summary: 'See what was done by whom, and prove it', load: async () => (await import('./commands/audit/group.ts')).audit() },
  {
    name: 'engine',
    summary: 'See who works and what waits; drain a worker, stop and start taking work',
    load: async () => (await import('./commands/engine/group.ts')).engine(),
  },
  { name: 'health', summary: 'Ask a server whether it is well', load: async () => (await import('./commands/health.ts')).health() },
];

const epilogue = `
Exit codes:
  0 ok                      5 not found
  1 the run or check failed 6 conflict
  2 wrong usage or input    7 server unreachable
  3 not signed in           8 too many requests
  4 not allowed             130 interrupted (70: a defect in Tidewheel)

Start with:
  $ tidewheel login                          # finds the server on this machine
  $ tidewheel flow list
  $ tidewheel run start flight-delays --watch`;

/** The whole tree; only the named top-level command is loaded unless `all`. */
export async function buildProgram(named: string | undefined, all = false): Promise<Command> {
  const program = new Program('tidewheel')
    .description('Run flows, watch them and fetch what they produce.')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .addHelpText('after', epilogue);
  for (const entry of entries) {
    const child = all || entry.name === named ? await entry.load() : new Program(entry.name).summary(entry.summary);
    program.addCommand(child as Command);
  }
  return prepare(program as Command);
}

/** Commander must throw instead of ending the process, so that every end passes through one place. */
function prepare(tree: Command): Command {
  tree.exitOverride();
  tree.configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'Error: ')) });
  for (const child of tree.commands) prepare(child as Command);
  return tree;
}

/** Runs one command line and answers with its exit code. */
export async function runCommandLine(args: string[]): Promise<number> {
  watchForInterrupt();
  const isJson = args.includes('--json');
  try {
    const program = await buildProgram(args[0]);
    if (args.length === 0) program.help({ error: false });
    await program.parseAsync(args, { from: 'user' });
    return exitCodes.ok;
  } catch (thrown) {
    return failed(thrown, isJson);
  }
}

function failed(thrown: unknown, isJson: boolean): number {
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitCodes.ok : exitCodes.invalid;
  if (thrown instanceof CommandFailed) return thrown.exitCode;
  if (interrupted.aborted) return exitCodes.interrupted;
  const error = toAppError(thrown);
  report(error, isJson);
  return exitCodeOf(error);
}

function report(error: AppError, isJson: boolean): void {
  const lines = isJson ? [failureJson(error, exitCodeOf(error))] : failureLines(error);
  process.stderr.write(`${lines.join('\n')}\n`);
  if (process.env.TIDEWHEEL_DEBUG) process.stderr.write(`${error.stack ?? ''}\n${error.cause instanceof Error ? (error.cause.stack ?? '') : ''}\n`);
}
