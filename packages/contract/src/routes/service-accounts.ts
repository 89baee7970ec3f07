// Accounts of programs: a role and grants like people, no password and no session, and keys that may do less than the account.
import { z } from 'zod';
import { Role, Rule } from '../access.ts';
import { Id, Instant, Slug } from '../identifiers.ts';
import { defineRoute } from '../route.ts';

const One = z.object({ slug: Slug });
const OneKey = z.object({ slug: Slug, id: Id });
const Title = z.string().trim().min(1).max(200);
const Description = z.string().trim().max(2_000);
const Days = z.number().int().min(1).max(366);

export const KeyScope = z
  .array(Rule)
  .min(1)
  .max(50)
  .refine((rules) => rules.every((rule) => rule.effect === 'allow'), 'must hold only rules that allow: what is not in it is refused anyway')
  .describe('What of the rights of its holder the key carries. It never gives more than the holder has');
const isAddress = (text: string) => z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]).safeParse(text).success;
const Networks = z
  .array(z.string().max(60).refine(isAddress, 'must be an IP address or a network such as 10.0.0.0/8'))
  .min(1)
  .max(50)
  .describe('Addresses and networks (10.0.0.0/8) from which it may be used');

/** What limits a key or an API token beyond its holder's rights. */
export const keyLimits = { scope: KeyScope.nullable().default(null), networks: Networks.nullable().default(null) };

export const ServiceKey = z
  .object({
    id: Id,
    title: z.string(),
    prefix: z.string().nullable().describe('The first characters of its secret'),
    scope: z.array(Rule).nullable(),
    networks: z.array(z.string()).nullable(),
    createdAt: Instant,
    createdBy: z.string().nullable(),
    expiresAt: Instant.nullable(),
    lastUsedAt: Instant.nullable(),
    lastUsedAddress: z.string().nullable(),
  })
  .meta({ id: 'ServiceKey' });
export type ServiceKey = z.infer<typeof ServiceKey>;
const NewKey = ServiceKey.extend({ token: z.string().describe('The secret, this once') });

export const ServiceAccount = z
  .object({
    id: Id,
    slug: Slug,
    title: z.string(),
    description: z.string(),
    role: Role,
    owner: z.string().nullable().describe('E-mail of who answers for it; null: that person is gone'),
    createdAt: Instant,
    createdBy: z.string(),
    suspendedAt: Instant.nullable(),
    lastUsedAt: Instant.nullable(),
    keys: z.number().int().describe('That work now'),
    nextExpiry: Instant.nullable().describe('When the first of them ends'),
  })
  .meta({ id: 'ServiceAccount' });
export type ServiceAccount = z.infer<typeof ServiceAccount>;

const shared = { tag: 'Service accounts' } as const;

export const listServiceAccounts = defineRoute({
  ...shared,
  name: 'serviceAccount.list',
  method: 'GET',
  path: '/api/service-accounts',
  access: 'service_account.read',
  summary: 'List the service accounts of this workspace',
  response: z.array(ServiceAccount),
});
export const showServiceAccount = defineRoute({
  ...shared,
  name: 'serviceAccount.show',
  method: 'GET',
  path: '/api/service-accounts/{slug}',
  access: 'service_account.read',
  summary: 'Show a service account',
  params: One,
  response: ServiceAccount,
});
export const createServiceAccount = defineRoute({
  ...shared,
  name: 'serviceAccount.create',
  method: 'POST',
  path: '/api/service-accounts',
  access: 'service_account.edit',
  status: 201,
  summary: 'Create a service account; it has no key yet',
  description: 'You cannot give a role that may do more than you.',
  body: z.object({
    slug: Slug,
    title: Title,
    description: Description.default(''),
    role: Role,
    owner: z.email().max(254).optional().describe('A member who answers for it; you, unless told'),
  }),
  response: ServiceAccount,
});
export const updateServiceAccount = defineRoute({
  ...shared,
  name: 'serviceAccount.update',
  method: 'PATCH',
  path: '/api/service-accounts/{slug}',
  access: 'service_account.edit',
  summary: 'Change title, description, role or owner of a service account',
  params: One,
  body: z.object({ title: Title.optional(), description: Description.optional(), role: Role.optional(), owner: z.email().max(254).optional() }),
  response: ServiceAccount,
});
export const suspendServiceAccount = defineRoute({
  ...shared,
  name: 'serviceAccount.suspend',
  method: 'POST',
  path: '/api/service-accounts/{slug}/suspension',
  access: 'service_account.edit',
  summary: 'Suspend a service account: its keys stop working at once, until it is restored',
  params: One,
  response: ServiceAccount,
});
export const restoreServiceAccount = defineRoute({
  ...shared,
  name: 'serviceAccount.restore',
  method: 'DELETE',
  path: '/api/service-accounts/{slug}/suspension',
  access: 'service_account.edit',
  summary: 'Let a suspended service account in again',
  params: One,
  response: ServiceAccount,
});
export const deleteServiceAccount = defineRoute({
  ...shared,
  name: 'serviceAccount.delete',
  method: 'DELETE',
  path: '/api/service-accounts/{slug}',
  access: 'service_account.edit',
  summary: 'Delete a service account with its keys and grants; the audit trail keeps what it did',
  params: One,
  response: z.object({ deleted: z.literal(true) }),
});
export const listServiceKeys = defineRoute({
  ...shared,
  name: 'serviceKey.list',
  method: 'GET',
  path: '/api/service-accounts/{slug}/keys',
  access: 'service_account.read',
  summary: 'List the keys of a service account that are not revoked',
  params: One,
  response: z.array(ServiceKey),
});
export const createServiceKey = defineRoute({
  ...shared,
  name: 'serviceKey.create',
  method: 'POST',
  path: '/api/service-accounts/{slug}/keys',
  access: 'service_account.edit',
  status: 201,
  summary: 'Create a key; answers with its secret, once',
  description: 'What the key may do must not exceed what you may do yourself.',
  params: One,
  body: z.object({ title: z.string().trim().min(1).max(100), days: Days.default(90), ...keyLimits }),
  response: NewKey,
});
export const rotateServiceKey = defineRoute({
  ...shared,
  name: 'serviceKey.rotate',
  method: 'POST',
  path: '/api/service-accounts/{slug}/keys/{id}/rotation',
  access: 'service_account.edit',
  status: 201,
  summary: 'Create a key like this one in its place; the old one goes on for the hours given',
  params: OneKey,
  body: z.object({ days: Days.default(90), overlapHours: z.number().int().min(0).max(720).default(24) }),
  response: NewKey,
});
export const revokeServiceKey = defineRoute({
  ...shared,
  name: 'serviceKey.revoke',
  method: 'DELETE',
  path: '/api/service-accounts/{slug}/keys/{id}',
  access: 'service_account.edit',
  summary: 'Revoke a key; it stops working at once',
  params: OneKey,
  response: z.object({ revoked: z.literal(true) }),
});
