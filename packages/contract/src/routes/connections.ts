import { z } from 'zod';
import { Folder, Id, Instant, Slug } from '../identifiers.ts';
import { PageQuery, pageOf } from '../page.ts';
import { defineRoute } from '../route.ts';
import { ConnectorInfo } from '../step-type.ts';

export const Connection = z
  .object({
    id: Id,
    slug: Slug,
    title: z.string(),
    type: z.string().describe('The connector, e.g. sftp'),
    folder: Folder.nullable(),
    config: z.record(z.string(), z.unknown()),
    hasSecret: z.boolean().describe('Whether its secret part is set, its own or by a credential; secrets are never shown'),
    credential: Slug.nullable().describe('The named credential it uses; null when its secret, if any, is its own'),
    createdAt: Instant,
    updatedAt: Instant,
    archivedAt: Instant.nullable(),
  })
  .meta({ id: 'Connection' });
export type Connection = z.infer<typeof Connection>;

/** `secret`, `credential`: omit both to keep what is stored, null to remove it; give one of them at most. */
const ConnectionBody = z.object({
  slug: Slug,
  title: z.string().min(1).max(200),
  type: z.string().max(60),
  folder: Folder.nullable().optional().describe('Where it is filed; omit to keep, null for none'),
  config: z.record(z.string(), z.unknown()),
  secret: z.record(z.string(), z.unknown()).nullable().optional(),
  credential: Slug.nullable().optional().describe('A named credential to use instead of a secret of its own'),
});
const slugParam = z.object({ slug: Slug });

export const TestResult = z
  .object({
    ok: z.boolean(),
    ms: z.number().int(),
    checks: z.array(
      z.object({ name: z.string().describe('e.g. DNS, port, host key, sign-in, folder'), ok: z.boolean(), detail: z.string(), hint: z.string().optional() }),
    ),
    discovered: z.record(z.string(), z.unknown()).optional().describe('Facts learnt, e.g. the host key fingerprint to pin'),
  })
  .meta({ id: 'TestResult' });
export type TestResult = z.infer<typeof TestResult>;

export const listConnectors = defineRoute({
  name: 'connector.list',
  method: 'GET',
  path: '/api/connectors',
  tag: 'Connections',
  access: 'connection.read',
  summary: 'List connector types with their schemas',
  response: z.array(ConnectorInfo),
});
export const listConnections = defineRoute({
  name: 'connection.list',
  method: 'GET',
  path: '/api/connections',
  tag: 'Connections',
  access: 'connection.read',
  summary: 'List connections',
  query: PageQuery.extend({
    type: z.string().max(60).optional(),
    folder: Folder.optional().describe('Of this folder and those below it'),
    search: z.string().max(200).optional(),
  }),
  response: pageOf(Connection),
});
export const showConnection = defineRoute({
  name: 'connection.show',
  method: 'GET',
  path: '/api/connections/{slug}',
  tag: 'Connections',
  access: 'connection.read',
  summary: 'Show a connection',
  params: slugParam,
  response: Connection,
});
export const createConnection = defineRoute({
  name: 'connection.create',
  method: 'POST',
  path: '/api/connections',
  tag: 'Connections',
  access: 'connection.edit',
  status: 201,
  summary: 'Create a connection',
  body: ConnectionBody,
  response: Connection,
});
export const updateConnection = defineRoute({
  name: 'connection.update',
  method: 'PUT',
  path: '/api/connections/{slug}',
  tag: 'Connections',
  access: 'connection.edit',
  summary: 'Change a connection',
  params: slugParam,
  body: ConnectionBody.omit({ slug: true, type: true }),
  response: Connection,
});
export const archiveConnection = defineRoute({
  name: 'connection.archive',
  method: 'DELETE',
  path: '/api/connections/{slug}',
  tag: 'Connections',
  access: 'connection.edit',
  summary: 'Archive a connection',
  params: slugParam,
  response: Connection,
});
export const testConnection = defineRoute({
  name: 'connection.test',
  method: 'POST',
  path: '/api/connections/{slug}/test',
  cost: 'expensive',
  tag: 'Connections',
  access: 'connection.edit',
  summary: 'Test a stored connection',
  params: slugParam,
  response: TestResult,
});
export const tryConnection = defineRoute({
  name: 'connection.try',
  method: 'POST',
  path: '/api/connections/try',
  cost: 'expensive',
  tag: 'Connections',
  access: 'connection.edit',
  summary: 'Test settings before they are saved',
  body: ConnectionBody.omit({ slug: true, title: true }).extend({
    slug: Slug.optional().describe('A stored connection whose secret to use when `secret` is omitted'),
  }),
  response: TestResult,
});
