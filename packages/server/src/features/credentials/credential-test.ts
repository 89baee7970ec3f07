// Really tries a credential as far as that is possible, and says what was proven and what was not.
import { createHash, createHmac } from 'node:crypto';
import type { TestResult } from '@tidewheel/contract/routes/connections';
import type { CredentialTestResult } from '@tidewheel/contract/routes/credentials';
import { attempt, type Check } from '@tidewheel/kit/connection-check';
import { egressFetch } from '@tidewheel/kit/egress/egress-fetch';
import { type Actor, requirePermission } from '../../base/actor.ts';
import { redactor } from '../../base/redactor.ts';
import { type NamedCredential, purposeOfNamed } from '../../platform/vault/named.store.ts';
import { credentialFor } from '../../platform/vault/named-access.ts';
import { recordAudit } from '../../storage/audit-record.ts';
import { inWorkspace } from '../../storage/database.ts';
import { factsOf, validityFault } from './credential-facts.ts';
import { refused } from './credential-types.ts';
import { permittedUses } from './credential-usage.ts';
import { type CredentialDeps, objectOf } from './credentials.service.ts';
import { findUsers } from './credentials.store.ts';

type Values = Record<string, unknown>;
export interface CredentialTestDeps extends CredentialDeps {
  /** The test of a connection that uses it; app/ hands it in. */
  testConnection(actor: Actor, what: { slug: string; signal: AbortSignal }): Promise<TestResult>;
}

interface Trial {
  credential: NamedCredential;
  secret: Values;
  signal: AbortSignal;
  deps: CredentialTestDeps;
}

const limitMs = 30_000;

/** @throws NotFound, InvalidInput when the connection named does not use it */
export async function testCredential(
  deps: CredentialTestDeps,
  actor: Actor,
  { slug, connection, signal }: { slug: string; connection?: string | undefined; signal: AbortSignal },
): Promise<CredentialTestResult> {
  requirePermission(actor, 'credential.edit');
  const started = performance.now();
  const { credential, users } = await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const found = await credentialFor(trx, actor, { slug, permission: 'credential.edit' });
    // Before the test, which uses the secret whether it succeeds or not.
    await recordAudit(trx, actor, { action: 'credential.tested', object: objectOf(found), after: { connection: connection ?? null } });
    return { credential: found, users: (await findUsers(trx, found.id, permittedUses(actor))).map((user) => user.slug) };
  });
  if (connection !== undefined && !users.includes(connection))
    throw refused([
      {
        path: 'connection',
        message: `the connection "${connection}" does not use this credential`,
        hint: users.length > 0 ? `These do: ${users.join(', ')}.` : undefined,
      },
    ]);
  const notProven: string[] = [];
  const checks = await openAndTry({ deps, credential, signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]), notProven });
  const through = connection ?? users[0];
  if (through !== undefined && checks.every((check) => check.ok)) {
    const result = await deps.testConnection(actor, { slug: through, signal });
    checks.push(...result.checks.map((check) => ({ ...check, name: `${through}: ${check.name}` })));
  } else if (through === undefined && !triesItself.has(credential.type)) notProven.push('That a server accepts it: no connection uses it yet.');
  return { ok: checks.every((check) => check.ok), ms: Math.round(performance.now() - started), checks, notProven };
}

/** Those that can be tried against what issued them, without a connection. */
const triesItself: ReadonlySet<string> = new Set(['oauth2_client', 'aws_keys']);

async function openAndTry({
  deps,
  credential,
  signal,
  notProven,
}: {
  deps: CredentialTestDeps;
  credential: NamedCredential;
  signal: AbortSignal;
  notProven: string[];
}): Promise<Check[]> {
  const place = { workspaceId: credential.workspace_id, credentialId: credential.id, purpose: purposeOfNamed(credential) };
  const opened = await deps.vault.open(place);
  try {
    const checks: Check[] = [{ name: 'vault', ok: true, detail: 'The secret opens with the present key and is whole.' }];
    const own = await ownChecks({ deps, credential, secret: opened.secret, signal }, notProven);
    return redactor.deep([...checks, ...own]);
  } catch (thrown) {
    throw redactor.error(thrown);
  } finally {
    opened.release();
  }
}

async function ownChecks(trial: Trial, notProven: string[]): Promise<Check[]> {
  const { credential } = trial;
  if (credential.type === 'oauth2_client') return [await attempt('token', () => fetchToken(trial))];
  if (credential.type === 'aws_keys') {
    if (typeof credential.fields['endpoint'] === 'string') return [await attempt('sign-in', () => listBuckets(trial))];
    notProven.push('That the store accepts the keys: the credential names no endpoint.');
    return [];
  }
  if (credential.type === 'api_key') notProven.push('That the service accepts the key: only its own call can tell.');
  if (credential.type === 'certificate') notProven.push('That the other side trusts the authority, and that the certificate was not revoked.');
  if (!['ssh', 'key', 'certificate'].includes(credential.type)) return [];
  return keyChecks(trial);
}

async function keyChecks({ credential, secret, deps }: Trial): Promise<Check[]> {
  const checks: Check[] = [];
  if (credential.type === 'certificate' || secret['privateKey'] !== undefined)
    checks.push(
      await attempt('key', async () => {
        const { facts } = await factsOf(credential.type, { fields: credential.fields, secret }, deps.describeKey);
        const print = facts['fingerprint'] ?? facts['publicKeySha256'];
        return credential.type === 'certificate' ? `It belongs to the certificate ${String(print)}.` : `${String(facts['keyType'])} ${String(print)}`;
      }),
    );
  if (credential.type === 'certificate') {
    const fault = validityFault(credential.facts, new Date());
    checks.push({ name: 'validity', ok: fault === undefined, detail: fault ?? `It is valid until ${String(credential.facts['validTo'])}.` });
  }
  return checks;
}

/** RFC 6749, 4.4 with the client's sign-in by 2.3.1. Nothing of the token is kept or shown. */
async function fetchToken({ credential: { fields }, secret, signal }: Trial): Promise<string> {
  const encode = (text: unknown) => encodeURIComponent(String(text)).replaceAll('%20', '+');
  const basic = Buffer.from(`${encode(fields['clientId'])}:${encode(secret['clientSecret'])}`).toString('base64');
  const forget = redactor.watch([basic]);
  try {
    const scopes = Array.isArray(fields['scopes']) ? fields['scopes'].join(' ') : '';
    const body = new URLSearchParams({ grant_type: 'client_credentials', ...(scopes ? { scope: scopes } : {}) });
    const answer = await egressFetch(String(fields['tokenUrl']), {
      method: 'POST',
      headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: body.toString(),
      redirect: 'manual',
      signal,
    });
    const given = (await answer.json().catch(() => ({}))) as Values;
    if (answer.ok && typeof given['access_token'] === 'string')
      return `The server gave a ${String(given['token_type'] ?? '').slice(0, 40)} token for ${typeof given['expires_in'] === 'number' ? `${given['expires_in']} s` : 'an unstated time'}.`;
    const said = [given['error'], given['error_description']]
      .filter((text) => typeof text === 'string')
      .join(': ')
      .slice(0, 300);
    throw refused([
      {
        path: 'token',
        message: `the server answered ${answer.status}${said ? ` (${redactor.text(said)})` : ''}`,
        hint: 'Check client ID, secret, scopes and the token address.',
      },
    ]);
  } finally {
    forget();
  }
}

/** Lists the buckets of the endpoint, signed by AWS Signature Version 4. */
async function listBuckets({ credential: { fields }, secret, signal }: Trial): Promise<string> {
  const url = new URL(String(fields['endpoint']));
  url.pathname = url.pathname === '' ? '/' : url.pathname;
  const answer = await egressFetch(url, { headers: signedHeaders({ url, fields, secret, at: new Date() }), redirect: 'manual', signal });
  const text = (await answer.text()).slice(0, 2_000);
  if (answer.ok) return `The store accepts the keys (${answer.status}).`;
  const code = /<Code>([A-Za-z0-9]+)<\/Code>/.exec(text)?.[1];
  // The signature held, but listing is not among the rights of these keys.
  if (code === 'AccessDenied') return 'The store knows the keys; they may not list its buckets.';
  throw refused([
    { path: 'endpoint', message: `the store answered ${answer.status}${code ? ` (${code})` : ''}`, hint: 'Check the keys, the region and the endpoint.' },
  ]);
}

function signedHeaders({ url, fields, secret, at }: { url: URL; fields: Values; secret: Values; at: Date }): Record<string, string> {
  const stamp = at.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  const token = secret['sessionToken'];
  const headers: Record<string, string> = {
    host: url.host,
    'x-amz-content-sha256': hash(''),
    'x-amz-date': stamp,
    ...(typeof token === 'string' ? { 'x-amz-security-token': token } : {}),
  };
  const names = Object.keys(headers).sort();
  const canonical = ['GET', url.pathname, '', ...names.map((name) => `${name}:${headers[name]}`), '', names.join(';'), hash('')].join('\n');
  const scope = [stamp.slice(0, 8), String(fields['region']), 's3', 'aws4_request'];
  const mac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const key = scope.reduce<string | Buffer>(mac, `AWS4${String(secret['secretAccessKey'])}`);
  const signature = mac(key, ['AWS4-HMAC-SHA256', stamp, scope.join('/'), hash(canonical)].join('\n')).toString('hex');
  const { host: _own, ...sent } = headers;
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${String(fields['accessKeyId'])}/${scope.join('/')}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  };
}
