// Workspaces: each has its own flows, connections, files, runs, roles and members. A request names one by the header Tidewheel-Workspace.
import { z } from 'zod';
import { Role } from '../access.ts';
import { Id, Instant, Slug } from '../identifiers.ts';
import { defineRoute } from '../route.ts';

const One = z.object({ slug: Slug });
const Title = z.string().trim().min(1).max(200);

export const Workspace = z
  .object({
    id: Id,
    slug: Slug,
    title: z.string(),
    main: z.boolean().describe('The first one: its administrators look after the installation, and it cannot be archived'),
    role: Role.nullable().describe('Your role there; null: you are no member'),
    members: z.number().int().nullable().describe('People; null where it is not yours to know'),
    createdAt: Instant,
    archivedAt: Instant.nullable(),
  })
  .meta({ id: 'Workspace' });
export type Workspace = z.infer<typeof Workspace>;
export const Member = z.object({ id: Id, email: z.string(), name: z.string(), role: Role, since: Instant, suspended: z.boolean() }).meta({ id: 'Member' });
export type Member = z.infer<typeof Member>;

const shared = { tag: 'Workspaces' } as const;

export const listWorkspaces = defineRoute({
  ...shared,
  name: 'workspace.list',
  method: 'GET',
  path: '/api/workspaces',
  access: 'signedIn',
  summary: 'List the workspaces that you are a member of; with workspace.edit every one of the installation, archived ones too',
  response: z.array(Workspace),
});
export const showWorkspace = defineRoute({
  ...shared,
  name: 'workspace.show',
  method: 'GET',
  path: '/api/workspaces/{slug}',
  access: 'signedIn',
  summary: 'Show one workspace, by its slug of now or of before',
  params: One,
  response: Workspace,
});
export const createWorkspace = defineRoute({
  ...shared,
  name: 'workspace.create',
  method: 'POST',
  path: '/api/workspaces',
  access: 'workspace.edit',
  status: 201,
  summary: 'Create a workspace; you become its administrator',
  body: z.object({
    slug: Slug,
    title: Title,
    administrator: z.email().max(254).optional().describe('Another person who becomes administrator too; must have an account'),
  }),
  response: Workspace,
});
export const updateWorkspace = defineRoute({
  ...shared,
  name: 'workspace.update',
  method: 'PATCH',
  path: '/api/workspaces/{slug}',
  access: 'workspace.edit',
  summary: 'Rename a workspace: its title, its slug, or both',
  description: 'The old slug goes on leading to the workspace, in addresses, headers and profiles of the command line, and no other workspace can take it.',
  params: One,
  body: z.object({ slug: Slug.optional(), title: Title.optional() }),
  response: Workspace,
});
export const archiveWorkspace = defineRoute({
  ...shared,
  name: 'workspace.archive',
  method: 'POST',
  path: '/api/workspaces/{slug}/archive',
  access: 'workspace.edit',
  summary: 'Archive a workspace: nobody can enter it and no run starts in it; what runs goes on to its end',
  params: One,
  response: Workspace,
});
export const restoreWorkspace = defineRoute({
  ...shared,
  name: 'workspace.restore',
  method: 'POST',
  path: '/api/workspaces/{slug}/restore',
  access: 'workspace.edit',
  summary: 'Restore an archived workspace',
  params: One,
  response: Workspace,
});
export const listMembers = defineRoute({
  ...shared,
  name: 'member.list',
  method: 'GET',
  path: '/api/workspaces/{slug}/members',
  access: 'user.read',
  summary: 'List the members of a workspace: of the one you work in, or with workspace.edit of any',
  params: One,
  response: z.array(Member),
});
export const addMember = defineRoute({
  ...shared,
  name: 'member.add',
  method: 'POST',
  path: '/api/workspaces/{slug}/members',
  access: 'user.edit',
  status: 201,
  summary: 'Add somebody who has an account, by e-mail',
  description: 'For somebody without an account use an invitation. You cannot give a role that may do more than you.',
  params: One,
  body: z.object({ email: z.email().max(254), role: Role }),
  response: Member,
});
export const removeMember = defineRoute({
  ...shared,
  name: 'member.remove',
  method: 'DELETE',
  path: '/api/workspaces/{slug}/members/{id}',
  access: 'user.edit',
  summary: 'Remove a member from a workspace; the account stays as long as it is in another one',
  params: z.object({ slug: Slug, id: Id }),
  response: z.object({ removed: z.literal(true) }),
});
