import { z } from 'zod';
import { Id, Instant, Slug } from '../identifiers.ts';
import { PageQuery, pageOf } from '../page.ts';
import { defineRoute } from '../route.ts';
import { JsonSchema } from '../step-type.ts';
import { TestResult } from './connections.ts';

export const credentialStates = ['active', 'expiring', 'expired', 'archived'] as const;

export const CredentialTypeInfo = z
  .object({
    type: z.string(),
    title: z.string(),
    icon: z.string(),
    description: z.string(),
    fields: JsonSchema.describe('The schema of what people may see'),
    secret: JsonSchema.describe('The schema of what lies in the vault'),
  })
  .meta({ id: 'CredentialTypeInfo' });
export type CredentialTypeInfo = z.infer<typeof CredentialTypeInfo>;

/** What people may see of a credential. There is no route that gives its secret. */
export const Credential = z
  .object({
    id: Id,
    slug: Slug,
    title: z.string(),
    type: z.string(),
    description: z.string(),
    fields: z.record(z.string(), z.unknown()),
    facts: z.record(z.string(), z.unknown()).describe('Read from the secret when it was given: a fingerprint, the subject and end of a certificate'),
    hosts: z.array(z.string()).describe('Where it may be sent. Empty: only who may edit credentials joins it to a connection'),
    connections: z.array(Slug).describe('The connections that may use it. Empty: any'),
    expiresOn: z.iso.date().nullable(),
    remindDays: z.array(z.number().int()),
    state: z.enum(credentialStates).describe('`expiring`: within the longest of its reminder days'),
    version: z.number().int().describe('Counts its rotations, from 1'),
    previousUntil: Instant.nullable().describe('Until then the secret before the last rotation can be put back'),
    usedBy: z.number().int().describe('How many connections and hosts use it'),
    lastUsedAt: Instant.nullable(),
    createdAt: Instant,
    createdBy: z.string(),
    updatedAt: Instant,
    rotatedAt: Instant.nullable(),
    archivedAt: Instant.nullable(),
  })
  .meta({ id: 'Credential' });
export type Credential = z.infer<typeof Credential>;

export const CredentialUsage = z
  .object({
    connections: z.array(
      z.object({
        slug: Slug,
        title: z.string(),
        type: z.string(),
        lastUsedAt: Instant.nullable(),
        lastRun: z.object({ id: Id, number: z.number().int(), flow: z.string() }).nullable(),
      }),
    ),
    targets: z
      .array(
        z.object({
          name: z.string(),
          title: z.string(),
          os: z.enum(['linux', 'windows']),
          lastUsedAt: Instant.nullable(),
          lastRun: z.object({ id: Id, number: z.number().int(), flow: z.string() }).nullable(),
        }),
      )
      .describe('Hosts that sign in with it, the first 1,000'),
    flows: z.array(z.object({ slug: Slug, title: z.string(), connections: z.array(Slug) })).describe('Flows whose newest version names one of them'),
  })
  .meta({ id: 'CredentialUsage' });
export type CredentialUsage = z.infer<typeof CredentialUsage>;

export const CredentialTestResult = TestResult.extend({ notProven: z.array(z.string()).describe('What the test could not try') }).meta({
  id: 'CredentialTestResult',
});
export type CredentialTestResult = z.infer<typeof CredentialTestResult>;

/** `sftp.example.com`, `*.bank.example`, `10.1.2.3:2222`, `[::1]:22`. */
const HostPattern = z
  .string()
  .max(300)
  .regex(/^(\*\.)?[A-Za-z0-9_.-]+(:\d{1,5})?$|^\[[0-9A-Fa-f:.]+\](:\d{1,5})?$/, 'must be a host, *.domain or host:port');

const metadata = {
  title: z.string().min(1).max(200),
  description: z.string().max(2_000),
  fields: z.record(z.string(), z.unknown()),
  hosts: z.array(HostPattern).max(100),
  connections: z.array(Slug).max(100),
  expiresOn: z.iso.date().nullable(),
  remindDays: z.array(z.number().int().min(0).max(365)).max(10),
};
const secret = z.record(z.string(), z.unknown());

export const CredentialInput = z.strictObject({
  slug: Slug,
  type: z.string().max(60),
  title: metadata.title,
  description: metadata.description.default(''),
  fields: metadata.fields.default({}),
  hosts: metadata.hosts.default([]),
  connections: metadata.connections.default([]),
  expiresOn: metadata.expiresOn.default(null),
  remindDays: metadata.remindDays.default([30, 7, 1]),
  secret,
});
export type CredentialInput = z.output<typeof CredentialInput>;
export const CredentialChange = z.strictObject(metadata).partial();
export type CredentialChange = z.output<typeof CredentialChange>;
/** `fields` that are left out stay. `graceHours`: how long the old secret can be put back; 0 erases it at once. */
export const CredentialRotation = z.strictObject({
  secret,
  fields: metadata.fields.optional(),
  expiresOn: metadata.expiresOn.optional(),
  graceHours: z
    .number()
    .min(0)
    .max(24 * 90)
    .default(0),
});
export type CredentialRotation = z.output<typeof CredentialRotation>;

/** The keys of the vault, by their ids: nothing here is secret. */
export const VaultState = z
  .object({
    masterKey: z.string().describe('The id of the master key that this process has'),
    sealedBy: z.array(z.string()).describe('The ids of the master keys that open this vault; more than one while a change is under way'),
    key: z.string().describe('The id of the key under which new data keys are wrapped'),
    dataKeys: z.array(z.object({ key: z.string(), count: z.number().int() })).describe('How many data keys lie under which key'),
    rewrap: z
      .object({
        id: Id,
        state: z.enum(['running', 'done', 'failed']),
        key: z.string(),
        total: z.number().int(),
        done: z.number().int(),
        failed: z.number().int(),
        startedAt: Instant,
        startedBy: z.string(),
        finishedAt: Instant.nullable(),
        note: z.string().nullable(),
      })
      .nullable()
      .describe('The last re-wrap'),
  })
  .meta({ id: 'VaultState' });
export type VaultState = z.infer<typeof VaultState>;

const slugParam = z.object({ slug: Slug });
const tag = 'Credentials';

export const listCredentialTypes = defineRoute({
  name: 'credential.types',
  method: 'GET',
  path: '/api/credential-types',
  tag,
  access: 'credential.read',
  summary: 'List credential types with their schemas',
  response: z.array(CredentialTypeInfo),
});
export const listCredentials = defineRoute({
  name: 'credential.list',
  method: 'GET',
  path: '/api/credentials',
  tag,
  access: 'credential.read',
  summary: 'List credentials',
  query: PageQuery.extend({
    type: z.string().max(60).optional(),
    search: z.string().max(200).optional(),
    state: z.enum(credentialStates).optional().describe('Left out: all but archived ones. `expiring` includes expired ones'),
  }),
  response: pageOf(Credential),
});
export const showCredential = defineRoute({
  name: 'credential.show',
  method: 'GET',
  path: '/api/credentials/{slug}',
  tag,
  access: 'credential.read',
  summary: 'Show a credential; its secret is never shown',
  params: slugParam,
  response: Credential,
});
export const showCredentialUsage = defineRoute({
  name: 'credential.usage',
  method: 'GET',
  path: '/api/credentials/{slug}/usage',
  tag,
  access: 'credential.read',
  summary: 'Which connections, hosts and flows use a credential, and when',
  params: slugParam,
  response: CredentialUsage,
});
export const createCredential = defineRoute({
  name: 'credential.create',
  method: 'POST',
  path: '/api/credentials',
  tag,
  access: 'credential.edit',
  status: 201,
  summary: 'Create a credential',
  body: CredentialInput,
  response: Credential,
});
export const updateCredential = defineRoute({
  name: 'credential.update',
  method: 'PATCH',
  path: '/api/credentials/{slug}',
  tag,
  access: 'credential.edit',
  summary: 'Change what people see of a credential',
  description: 'What is left out stays. The secret is changed by rotating it.',
  params: slugParam,
  body: CredentialChange,
  response: Credential,
});
export const rotateCredential = defineRoute({
  name: 'credential.rotate',
  method: 'POST',
  path: '/api/credentials/{slug}/rotate',
  tag,
  access: 'credential.edit',
  summary: 'Replace the secret; whatever refers to the credential stays as it is',
  params: slugParam,
  body: CredentialRotation,
  response: Credential,
});
export const restoreCredential = defineRoute({
  name: 'credential.restore',
  method: 'POST',
  path: '/api/credentials/{slug}/restore',
  tag,
  access: 'credential.edit',
  summary: 'Put the secret before the last rotation back, within its grace',
  params: slugParam,
  response: Credential,
});
export const testCredential = defineRoute({
  name: 'credential.test',
  method: 'POST',
  path: '/api/credentials/{slug}/test',
  tag,
  access: 'credential.edit',
  cost: 'expensive',
  summary: 'Really try a credential and say what was proven and what not',
  params: slugParam,
  body: z.strictObject({ connection: Slug.optional().describe('Try it through this connection; left out: through the first that uses it') }),
  response: CredentialTestResult,
});
export const archiveCredential = defineRoute({
  name: 'credential.archive',
  method: 'DELETE',
  path: '/api/credentials/{slug}',
  tag,
  access: 'credential.edit',
  summary: 'Archive a credential and erase its secret',
  description: 'Refused while connections or hosts use it, which are named; `force=true` does it nevertheless, and they fail from then on.',
  params: slugParam,
  query: z.object({ force: z.enum(['true', 'false']).default('false') }),
  response: Credential,
});
export const showVault = defineRoute({
  name: 'vault.show',
  method: 'GET',
  path: '/api/vault',
  tag,
  access: 'security.edit',
  summary: 'The keys of the vault and the last re-wrap',
  response: VaultState,
});
export const rewrapVault = defineRoute({
  name: 'vault.rewrap',
  method: 'POST',
  path: '/api/vault/rewrap',
  tag,
  access: 'security.edit',
  status: 202,
  summary: 'Wrap every data key anew, under a fresh key that only the present master key opens',
  description: 'Goes on in the background while flows run; a process that dies is taken over. Afterwards former master keys are of no use any more.',
  response: VaultState,
});
