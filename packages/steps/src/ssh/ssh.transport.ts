// Hosts that are reached by SSH: their settings and their test.
import { AppError, toAppError, Unreachable } from '@tidewheel/contract/errors';
import type { TestResult } from '@tidewheel/contract/routes/connections';
import { attempt, type Check, failed } from '@tidewheel/kit/connection-check';
import type { ConnectorTestContext } from '@tidewheel/kit/define-connector';
import { defineTransport, type OpenTarget } from '@tidewheel/kit/define-transport';
import { connectAllowed, type EgressPlace, resolveAllowed } from '@tidewheel/kit/egress/egress';
import { connectRoute, type Reached } from './connect-route.ts';
import { connectFailure, failedPart, placeOf } from './ssh-errors.ts';
import { gatherFacts } from './ssh-facts.ts';
import { routeTo, type SshRoute, SshSettings } from './ssh-route.ts';

export const sshTransport = defineTransport({
  kind: 'ssh',
  title: 'SSH',
  icon: 'terminal',
  description:
    'Runs commands and scripts on a host and copies files to and from it, signed in by password, private key, OpenSSH certificate or agent. Its host key is pinned; other hosts may stand in between.',
  os: ['linux', 'windows'],
  settings: SshSettings,
  credentialTypes: ['ssh', 'key', 'password'],
  takesVia: true,
  test: testSsh,
  gather: gatherFacts,
});

async function testSsh(host: OpenTarget, ctx: ConnectorTestContext): Promise<TestResult> {
  const started = performance.now();
  const checks: Check[] = [];
  const discovered: Record<string, unknown> = {};
  await testAll({ host, ctx, checks, discovered });
  return {
    ok: checks.every((check) => check.ok),
    ms: Math.round(performance.now() - started),
    checks,
    ...(Object.keys(discovered).length > 0 ? { discovered } : {}),
  };
}

interface Test {
  host: OpenTarget;
  ctx: ConnectorTestContext;
  checks: Check[];
  discovered: Record<string, unknown>;
}

async function testAll(test: Test): Promise<void> {
  const { host, ctx, checks } = test;
  let route: SshRoute;
  try {
    route = routeTo(host);
  } catch (thrown) {
    checks.push(failed('settings', toAppError(thrown)));
    return;
  }
  const first = outermost(route);
  for (const [name, work] of [
    ['DNS', () => resolveName(first, ctx.signal)],
    ['port', () => knock(first, ctx.signal)],
  ] as const) {
    checks.push(await attempt(name, work));
    if (!checks.at(-1)?.ok) return;
  }
  const reached = await signIn(test, route);
  if (!reached) return;
  try {
    checks.push(await attempt('shell', () => askShell(reached, test)));
  } finally {
    reached.release();
  }
}

/** The hop that is reached from here. */
function outermost(route: SshRoute): SshRoute {
  return route.via ? outermost(route.via) : route;
}

async function signIn({ ctx, checks, discovered }: Test, route: SshRoute): Promise<Reached | undefined> {
  let via: Reached | undefined;
  if (route.via) {
    checks.push(
      await attempt('jump host', async () => {
        via = await connectRoute(route.via as SshRoute, ctx);
        return `Signed in to ${via.ssh.place}.`;
      }),
    );
    if (!via) return undefined;
  }
  const hop = via;
  const onHostKey = (hostKey: string, algorithm: string) => Object.assign(discovered, { hostKey, hostKeyAlgorithm: algorithm });
  try {
    const reached = await connectRoute(route, { signal: ctx.signal, onHostKey, ...(hop ? { reachVia: async () => hop } : {}) });
    const isNew = route.target.hostKey === undefined;
    checks.push(
      { name: 'host key', ok: true, detail: isNew ? `${reached.ssh.hostKey}, taken on first use.` : reached.ssh.hostKey },
      { name: 'sign-in', ok: true, detail: `As ${route.target.user} by ${wayIn(route)}.` },
    );
    return reached;
  } catch (thrown) {
    const error = toAppError(thrown);
    const part = failedPart(error);
    if (part !== 'host key' && discovered.hostKey) checks.push({ name: 'host key', ok: true, detail: String(discovered.hostKey) });
    checks.push(failed(part, error));
    return undefined;
  }
}

function wayIn({ signIn: { certificate, privateKey, agent } }: SshRoute): string {
  if (privateKey !== undefined) return certificate === undefined ? 'key' : 'certificate';
  return agent === undefined ? 'password' : 'agent';
}

/** Whether commands run, and what the host says of itself. */
async function askShell({ ssh }: Reached, { discovered }: Test): Promise<string> {
  const answer = Promise.withResolvers<string>();
  ssh.client.exec('uname -sr && id -un', (error, channel) => {
    if (error) return answer.reject(error);
    let out = '';
    channel.on('data', (chunk: Buffer) => {
      if (out.length < 4096) out += chunk.toString('utf8');
    });
    channel.stderr.resume();
    channel.on('close', (code: number | null) =>
      code === 0 ? answer.resolve(out) : answer.reject(new Error([`its shell ended with ${code}`, out.trim().slice(0, 200)].filter(Boolean).join(': '))),
    );
    channel.end();
  });
  const out = await ssh.guard(answer.promise).catch((thrown: unknown) => {
    if (thrown instanceof AppError) throw thrown;
    throw new Unreachable('ssh.no_shell', `${ssh.place} lets the user in and runs no commands: ${(thrown as Error).message}`, {
      hint: 'Give the user a shell there: nologin, ForceCommand and restrictions in authorized_keys keep commands out.',
      cause: thrown,
    });
  });
  const lines = out.trim().split(/\r?\n/);
  const [system, user] = lines.slice(-2);
  if (system) discovered.system = system;
  return `${system}, as ${user}.`;
}

async function resolveName(route: SshRoute, signal: AbortSignal): Promise<string> {
  const { addresses, servername } = await resolveAllowed(placeToReach(route), { signal });
  return servername === undefined ? 'It is an address.' : addresses.map((one) => one.address).join(', ');
}

async function knock(route: SshRoute, signal: AbortSignal): Promise<string> {
  const socket = await connectAllowed(placeToReach(route), { signal, timeoutMs: route.target.timeoutSeconds * 1000 }).catch((thrown: unknown) => {
    signal.throwIfAborted();
    throw connectFailure(thrown, placeOf(route.target));
  });
  socket.destroy();
  return `${placeOf(route.target)} is open.`;
}

function placeToReach({ target: { host, port } }: SshRoute): EgressPlace {
  return { host, port, class: 'host' };
}
