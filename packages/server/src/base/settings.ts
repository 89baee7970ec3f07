// Every setting of the server, read once from the environment. `.env.example` documents the same names.
import { isIP } from 'node:net';
import { homedir } from 'node:os';
import path from 'node:path';
import { InvalidInput } from '@tidewheel/contract/errors';
import { z } from 'zod';

const Environment = z.object({
  TIDEWHEEL_DATA: z.string().default(path.join(homedir(), '.tidewheel')),
  TIDEWHEEL_HOST: z.string().default('127.0.0.1'),
  TIDEWHEEL_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  TIDEWHEEL_PUBLIC_URL: z.url().optional(),
  TIDEWHEEL_TRUSTED_PROXIES: z.string().default(''),
  TIDEWHEEL_ROLES: z.string().default('api,worker,scheduler'),
  TIDEWHEEL_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  TIDEWHEEL_WORKER_TAGS: z.string().default('default'),
  TIDEWHEEL_WORKER_CONCURRENCY: z.coerce.number().int().min(1).max(5_000).default(200),
  TIDEWHEEL_TABLE_PROCESSES: z.coerce.number().int().min(1).max(64).default(2),
  TIDEWHEEL_TABLE_MEMORY: z
    .string()
    .regex(/^\d+(MB|GB)$/)
    .default('1GB'),
  TIDEWHEEL_MASTER_KEY: z.string().optional(),
  TIDEWHEEL_FORMER_MASTER_KEYS: z.string().default(''),
  TIDEWHEEL_WEB_DIST: z.string().optional(),
  TIDEWHEEL_FOLDERS: z.string().optional(),
  TIDEWHEEL_TLS_CERT: z.string().optional(),
  TIDEWHEEL_TLS_KEY: z.string().optional(),
  TIDEWHEEL_HTTP_REDIRECT_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  TIDEWHEEL_EGRESS_ALLOW: z.string().default(''),
  TIDEWHEEL_MAIL_DOMAINS: z.string().default(''),
  TIDEWHEEL_SSH_AGENT: z.string().startsWith('/').optional(),
  TIDEWHEEL_RATE_LIMITS: z.enum(['on', 'off']).default('on'),
  TIDEWHEEL_LIVE_STATUS_SECONDS: z.coerce.number().min(0.5).max(60).default(2),
  DATABASE_URL: z.string().optional(),
  TIDEWHEEL_DATABASE_POOL: z.coerce.number().int().min(3).max(500).optional(),
  TIDEWHEEL_S3_ENDPOINT: z.url().optional(),
  TIDEWHEEL_S3_BUCKET: z.string().optional(),
  TIDEWHEEL_S3_REGION: z.string().default('us-east-1'),
  TIDEWHEEL_S3_ACCESS_KEY: z.string().optional(),
  TIDEWHEEL_S3_SECRET_KEY: z.string().optional(),
  TIDEWHEEL_S3_CACHE: z
    .string()
    .regex(/^\d+(MB|GB)$/, 'must be like 500MB or 10GB')
    .default('10GB'),
});

export const roleNames = ['api', 'worker', 'scheduler'] as const;
export type RoleName = (typeof roleNames)[number];

export interface Settings {
  /** Folder of everything local: embedded database, objects, keys, scratch. */
  dataFolder: string;
  host: string;
  /** 0: any free port. */
  port: number;
  publicUrl: string | undefined;
  /** Addresses or networks (`10.0.0.0/8`) of proxies whose X-Forwarded-For is believed. */
  trustedProxies: string[];
  roles: ReadonlySet<RoleName>;
  logLevel: string;
  worker: { tags: string[]; concurrency: number };
  tables: { processes: number; memoryLimit: string };
  /** 32 bytes in base64; a 0600 file in the data folder when unset. */
  masterKey: string | undefined;
  /** Master keys of before, in base64, while the master key is being changed. */
  formerMasterKeys: string[];
  webDist: string | undefined;
  /** Absolute folders below which folder connections may have their root. */
  folders: string[];
  /** Hosts and networks that outgoing connections may reach beyond the default; more of them are settings in the database. */
  egressAllow: string[];
  /** Domains, in small letters, whose addresses steps may mail to; empty: all. */
  mailDomains: string[];
  /** The socket of the ssh-agent that hosts may be signed in to with; undefined: none may. */
  sshAgent: string | undefined;
  rateLimits: boolean;
  /** How often the status of the engine is looked at for those who follow it. */
  liveStatusSeconds: number;
  /** PEM files of our own TLS; undefined: plain HTTP, for this machine or behind a proxy that encrypts. */
  tls: { cert: string; key: string /** Plain HTTP that redirects to https. */; redirectPort: number | undefined; lookEveryMs: number } | undefined;
  databaseUrl: string | undefined;
  /** Connections in each of the two pools, instead of what follows from the roles. */
  databasePool: number | undefined;
  s3:
    | {
        endpoint: string | undefined;
        bucket: string;
        region: string;
        accessKey: string | undefined;
        secretKey: string | undefined /** Most bytes of local copies. */;
        cacheBytes: number;
      }
    | undefined;
}

/** @throws InvalidInput that names each faulty variable. */
export function readSettings(environment: Record<string, string | undefined> = process.env): Settings {
  const parsed = Environment.safeParse(Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== '')));
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new InvalidInput('settings.invalid', `Settings are wrong: ${faults.join('; ')}`, { hint: 'See .env.example for every setting and its form.' });
  }
  const env = parsed.data;
  return {
    dataFolder: path.resolve(env.TIDEWHEEL_DATA),
    host: env.TIDEWHEEL_HOST,
    port: env.TIDEWHEEL_PORT,
    publicUrl: env.TIDEWHEEL_PUBLIC_URL,
    trustedProxies: parseNetworks(env.TIDEWHEEL_TRUSTED_PROXIES),
    roles: parseRoles(env.TIDEWHEEL_ROLES),
    logLevel: env.TIDEWHEEL_LOG_LEVEL,
    worker: { tags: splitList(env.TIDEWHEEL_WORKER_TAGS), concurrency: env.TIDEWHEEL_WORKER_CONCURRENCY },
    tables: { processes: env.TIDEWHEEL_TABLE_PROCESSES, memoryLimit: env.TIDEWHEEL_TABLE_MEMORY },
    masterKey: env.TIDEWHEEL_MASTER_KEY,
    formerMasterKeys: splitList(env.TIDEWHEEL_FORMER_MASTER_KEYS),
    webDist: env.TIDEWHEEL_WEB_DIST,
    folders: parseFolders(env.TIDEWHEEL_FOLDERS, path.resolve(env.TIDEWHEEL_DATA)),
    egressAllow: splitList(env.TIDEWHEEL_EGRESS_ALLOW),
    mailDomains: splitList(env.TIDEWHEEL_MAIL_DOMAINS.toLowerCase()),
    sshAgent: env.TIDEWHEEL_SSH_AGENT,
    rateLimits: env.TIDEWHEEL_RATE_LIMITS === 'on',
    liveStatusSeconds: env.TIDEWHEEL_LIVE_STATUS_SECONDS,
    tls: tlsOf(env),
    databaseUrl: env.DATABASE_URL,
    databasePool: env.TIDEWHEEL_DATABASE_POOL,
    s3: env.TIDEWHEEL_S3_BUCKET
      ? {
          endpoint: env.TIDEWHEEL_S3_ENDPOINT,
          bucket: env.TIDEWHEEL_S3_BUCKET,
          region: env.TIDEWHEEL_S3_REGION,
          accessKey: env.TIDEWHEEL_S3_ACCESS_KEY,
          secretKey: env.TIDEWHEEL_S3_SECRET_KEY,
          cacheBytes: parseBytes(env.TIDEWHEEL_S3_CACHE),
        }
      : undefined,
  };
}

const tlsLookEveryMs = 5_000;

function tlsOf(env: z.output<typeof Environment>): Settings['tls'] {
  const { TIDEWHEEL_TLS_CERT: cert, TIDEWHEEL_TLS_KEY: key, TIDEWHEEL_HTTP_REDIRECT_PORT: redirectPort } = env;
  if (cert !== undefined && key !== undefined) return { cert: path.resolve(cert), key: path.resolve(key), redirectPort, lookEveryMs: tlsLookEveryMs };
  if (cert === undefined && key === undefined && redirectPort === undefined) return undefined;
  throw new InvalidInput('settings.tls', 'TIDEWHEEL_TLS_CERT and TIDEWHEEL_TLS_KEY belong together, and TIDEWHEEL_HTTP_REDIRECT_PORT needs both.', {
    hint: 'Set both to PEM files, or neither.',
  });
}

function parseNetworks(text: string): string[] {
  const networks = splitList(text);
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
    if (bits > 0 && (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits))) continue;
    throw new InvalidInput('settings.proxy', `TIDEWHEEL_TRUSTED_PROXIES: "${network}" is not an address or network`, {
      hint: 'Write addresses like 10.1.2.3 or networks like 10.0.0.0/8, separated by commas.',
    });
  }
  return networks;
}
function parseBytes(text: string): number {
  return Number.parseInt(text, 10) * (text.endsWith('GB') ? 1024 ** 3 : 1024 ** 2);
}
function splitList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
}
// Separated by `:` as in PATH (`;` on Windows). Unset: the two subfolders of the data folder that hold no state of our own.
function parseFolders(text: string | undefined, dataFolder: string): string[] {
  const folders = text
    ?.split(path.delimiter)
    .map((item) => item.trim())
    .filter(Boolean) ?? [path.join(dataFolder, 'demo'), path.join(dataFolder, 'files')];
  for (const folder of folders) {
    if (!path.isAbsolute(folder))
      throw new InvalidInput('settings.folder', `TIDEWHEEL_FOLDERS: "${folder}" is not an absolute path`, {
        hint: `Give absolute paths separated by "${path.delimiter}".`,
      });
  }
  return folders;
}
function parseRoles(text: string): ReadonlySet<RoleName> {
  const names = splitList(text);
  for (const name of names) {
    if (!roleNames.includes(name as RoleName))
      throw new InvalidInput('settings.role', `TIDEWHEEL_ROLES: unknown role "${name}"`, { hint: `Use some of ${roleNames.join(', ')}, separated by commas.` });
  }
  return new Set(names as RoleName[]);
}
