// Roles as data, and what goes beyond them: grants, delegations, separation of duties, and why somebody may do something or not.
import { z } from 'zod';
import { attributes, Mask, type ObjectType, Role, Rule } from '../access.ts';
import { Id, Instant } from '../identifiers.ts';
import { PageQuery, pageOf } from '../page.ts';
import { defineRoute, permissions } from '../route.ts';
import { Revision } from '../whole-number.ts';

const Permission = z.enum(permissions);
const Permissions = z.array(Permission).min(1).max(permissions.length);
const Title = z.string().trim().min(1).max(100);
const Reason = z.string().trim().min(3).max(500).describe('Why: it is shown wherever the grant or the delegation is');
const Email = z.string().trim().toLowerCase().min(3).max(254);
/** A person as lists of access show him. */
export const Person = z.object({ id: Id, email: z.string(), name: z.string() });
const Rules = z.array(Rule).max(200);
const Masks = z.array(Mask).max(200);

export const RoleInfo = z
  .object({
    slug: Role,
    title: z.string(),
    description: z.string(),
    rules: z.array(Rule),
    masks: z.array(Mask),
    preset: z.boolean().describe('Every workspace has it; it cannot be deleted'),
    changed: z.boolean().describe('A preset that this workspace changed; it can be reset'),
    fixed: z.boolean().describe('It can never be changed, so that somebody can always mend the others'),
    revision: z.number().int().describe('Counts changes; give it back when you change the role'),
    holders: z.number().int().describe('Members whose role it is'),
    updatedAt: Instant.nullable(),
  })
  .meta({ id: 'RoleInfo' });
export type RoleInfo = z.infer<typeof RoleInfo>;

export const RoleHolders = z
  .object({
    members: z.array(Person).describe('The first hundred'),
    memberCount: z.number().int(),
    grants: z.array(z.object({ id: Id, email: z.string() })),
    invitations: z.array(z.object({ id: Id, email: z.string() })),
    signInRules: z.array(z.enum(['registrationRole', 'secondFactorRoles'])),
  })
  .meta({ id: 'RoleHolders' });
export type RoleHolders = z.infer<typeof RoleHolders>;

const OneRole = z.object({ slug: Role });

export const listRoles = defineRoute({
  name: 'role.list',
  method: 'GET',
  path: '/api/roles',
  tag: 'Access',
  access: 'role.read',
  summary: 'List the roles of this workspace: presets and its own',
  response: z.array(RoleInfo),
});
export const showRole = defineRoute({
  name: 'role.show',
  method: 'GET',
  path: '/api/roles/{slug}',
  tag: 'Access',
  access: 'role.read',
  summary: 'Show a role with its rules',
  params: OneRole,
  response: RoleInfo,
});
export const listRoleHolders = defineRoute({
  name: 'role.holders',
  method: 'GET',
  path: '/api/roles/{slug}/holders',
  tag: 'Access',
  access: 'role.read',
  summary: 'Who is affected when the role changes',
  params: OneRole,
  response: RoleHolders,
});
export const createRole = defineRoute({
  name: 'role.create',
  method: 'POST',
  path: '/api/roles',
  tag: 'Access',
  access: 'role.edit',
  status: 201,
  summary: 'Make a role, from rules or as a copy of another one',
  description: 'It cannot hold more than you hold yourself.',
  body: z.strictObject({
    slug: Role,
    title: Title,
    description: z.string().trim().max(500).default(''),
    copyFrom: Role.optional().describe('The role whose rules and masks it starts with, where none are given'),
    rules: Rules.optional(),
    masks: Masks.optional(),
  }),
  response: RoleInfo,
});
export const updateRole = defineRoute({
  name: 'role.update',
  method: 'PUT',
  path: '/api/roles/{slug}',
  tag: 'Access',
  access: 'role.edit',
  summary: 'Change a role; it holds for the next request of everybody in it',
  description: 'Neither the role as it is nor as it becomes can hold more than you hold yourself. `admin` cannot be changed.',
  params: OneRole,
  body: z.strictObject({
    title: Title,
    description: z.string().trim().max(500),
    rules: Rules,
    masks: Masks,
    revision: Revision.describe('The revision that you changed; another one in the meantime is a conflict'),
  }),
  response: RoleInfo,
});
export const resetRole = defineRoute({
  name: 'role.reset',
  method: 'POST',
  path: '/api/roles/{slug}/reset',
  tag: 'Access',
  access: 'role.edit',
  summary: 'Give a preset its original rules again',
  params: OneRole,
  response: RoleInfo,
});
export const deleteRole = defineRoute({
  name: 'role.delete',
  method: 'DELETE',
  path: '/api/roles/{slug}',
  tag: 'Access',
  access: 'role.edit',
  summary: 'Delete a role that nobody and nothing holds',
  params: OneRole,
  response: z.object({ deleted: z.literal(true) }),
});

export const reaches = ['all', 'some', 'none'] as const;
export const AccessMatrix = z
  .object({
    permissions: z.array(z.object({ permission: Permission, mainWorkspaceOnly: z.boolean() })),
    roles: z.array(z.object({ slug: Role, title: z.string(), cells: z.record(z.string(), z.enum(reaches)) })),
  })
  .meta({ id: 'AccessMatrix' });
export type AccessMatrix = z.infer<typeof AccessMatrix>;
export const showMatrix = defineRoute({
  name: 'access.matrix',
  method: 'GET',
  path: '/api/access/matrix',
  tag: 'Access',
  access: 'role.read',
  summary: 'Roles by permissions: on all objects, on some, on none',
  response: AccessMatrix,
});

/** What can be shared by itself. `folder` takes in all flows and connections in it and below. */
export const shareables = ['flow', 'folder', 'connection', 'credential', 'file'] as const;
export type Shareable = (typeof shareables)[number];
/** Without patterns: a share is about this very thing. */
const ObjectName = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^*@\s][^*\s]*$/, 'must be a name, without spaces, * or @');

const grantForms = z.strictObject({
  user: Email.describe('E-mail address of the member who gets it'),
  reason: Reason,
  from: Instant.optional().describe('Now, unless told'),
  until: Instant.nullable().default(null).describe('When it lapses by itself; null: it stays until it is revoked'),
  role: Role.optional().describe('What it gives: the rules of this role'),
  rules: z.array(Rule).min(1).max(50).optional().describe('or these rules'),
  share: z
    .strictObject({ type: z.enum(shareables), object: ObjectName, permissions: Permissions })
    .optional()
    .describe('or some permissions on one object; who holds grant.edit on it may give that'),
});

export const Grant = z
  .object({
    id: Id,
    user: Person,
    state: z.enum(['active', 'planned', 'lapsed', 'revoked']),
    role: Role.nullable(),
    rules: z.array(Rule).nullable(),
    share: z
      .object({ type: z.enum(shareables), object: z.string(), permissions: z.array(Permission) })
      .nullable()
      .describe('Its rules, when they are about one object'),
    reason: z.string(),
    createdBy: z.string(),
    createdAt: Instant,
    from: Instant,
    until: Instant.nullable(),
    revokedAt: Instant.nullable(),
    revokedBy: z.string().nullable(),
  })
  .meta({ id: 'Grant' });
export type Grant = z.infer<typeof Grant>;
export const grantStates = ['active', 'planned', 'lapsed', 'revoked'] as const;

export const listGrants = defineRoute({
  name: 'grant.list',
  method: 'GET',
  path: '/api/grants',
  tag: 'Access',
  access: 'grant.edit',
  summary: 'List grants, newest first',
  description: 'Who holds grant.edit on some objects only sees the grants that he made.',
  query: PageQuery.extend({ user: Email.optional().describe('E-mail address'), state: z.enum(grantStates).optional(), role: Role.optional() }),
  response: pageOf(Grant),
});
export const createGrant = defineRoute({
  name: 'grant.create',
  method: 'POST',
  path: '/api/grants',
  tag: 'Access',
  access: 'grant.edit',
  status: 201,
  summary: 'Give somebody more than the role gives, or share one object; never more than you hold yourself',
  body: grantForms.superRefine(({ role, rules, share }, context) => {
    if ([role, rules, share].filter((form) => form !== undefined).length !== 1)
      context.addIssue({ code: 'custom', path: [], message: 'needs exactly one of role, rules and share' });
  }),
  response: Grant,
});
export const revokeGrant = defineRoute({
  name: 'grant.revoke',
  method: 'DELETE',
  path: '/api/grants/{id}',
  tag: 'Access',
  access: 'grant.edit',
  summary: 'Revoke a grant; it holds no more from the next request on',
  params: z.object({ id: Id }),
  response: Grant,
});

type ObjectOfWhy = Exclude<ObjectType, 'grant' | 'approval'>;
export const objectsOfWhy = (Object.keys(attributes) as ObjectType[]).filter((type): type is ObjectOfWhy => type !== 'grant' && type !== 'approval');
export const ObjectAccess = z
  .object({
    items: z.array(
      z.object({
        user: Person,
        permissions: z.array(Permission).describe('On this object'),
        through: z.array(
          z.object({
            source: z.string(),
            kind: z.enum(['role', 'grant', 'delegation']),
            grant: Id.nullable().describe('The grant, when it is one that you may revoke'),
            permissions: z.array(Permission),
            until: Instant.nullable(),
          }),
        ),
      }),
    ),
    next: z.string().nullable(),
  })
  .meta({ id: 'ObjectAccess' });
export type ObjectAccess = z.infer<typeof ObjectAccess>;
export const listObjectAccess = defineRoute({
  name: 'access.who',
  method: 'GET',
  path: '/api/access/who',
  tag: 'Access',
  access: 'grant.edit',
  summary: 'Who has access to an object, and through what',
  query: PageQuery.extend({ type: z.enum(shareables), object: ObjectName }),
  response: ObjectAccess,
});

export const Delegation = z
  .object({
    id: Id,
    from: Person,
    to: Person,
    state: z.enum(grantStates),
    permissions: z.array(Permission).nullable().describe('null: all that the role of the lender gives'),
    reason: z.string(),
    createdAt: Instant,
    starts: Instant,
    until: Instant,
    endedAt: Instant.nullable(),
    endedBy: z.string().nullable(),
  })
  .meta({ id: 'Delegation' });
export type Delegation = z.infer<typeof Delegation>;

export const listDelegations = defineRoute({
  name: 'delegation.list',
  method: 'GET',
  path: '/api/delegations',
  tag: 'Access',
  access: 'signedIn',
  summary: 'List what I lent and what was lent to me; with grant.edit on everything also that of all',
  query: PageQuery.extend({ of: z.enum(['mine', 'all']).default('mine'), state: z.enum(grantStates).optional() }),
  response: pageOf(Delegation),
});
export const createDelegation = defineRoute({
  name: 'delegation.create',
  method: 'POST',
  path: '/api/delegations',
  tag: 'Access',
  access: 'signedIn',
  status: 201,
  summary: 'Lend another member what my role gives me, or some of it, until a day',
  description: 'It never gives more than I hold at that moment, cannot be lent on, and every entry of the audit trail says through whom somebody acted.',
  body: z.strictObject({
    to: Email.describe('E-mail address of a member of this workspace'),
    permissions: Permissions.optional().describe('Everything of my role, unless told'),
    reason: Reason,
    from: Instant.optional().describe('Now, unless told'),
    until: Instant,
  }),
  response: Delegation,
});
export const endDelegation = defineRoute({
  name: 'delegation.end',
  method: 'DELETE',
  path: '/api/delegations/{id}',
  tag: 'Access',
  access: 'signedIn',
  summary: 'End a delegation: the lender, who got it, or an administrator',
  params: z.object({ id: Id }),
  response: Delegation,
});

export const Why = z
  .object({
    permission: Permission,
    user: Person,
    object: z.object({ type: z.string(), id: z.string(), title: z.string(), attributes: z.record(z.string(), z.string().nullable()) }).nullable(),
    allowed: z.boolean(),
    reasons: z.array(z.object({ source: z.string(), verdict: z.enum(['allows', 'denies', 'other objects only', 'silent']) })),
    note: z.string().nullable().describe('What else decides, as a second factor that is due'),
    roles: z.array(z.object({ slug: Role, title: z.string() })).describe('Roles that would allow it'),
    givers: z.array(z.string()).describe('Some of those who can give it'),
  })
  .meta({ id: 'Why' });
export type Why = z.infer<typeof Why>;
export const explainAccess = defineRoute({
  name: 'access.why',
  method: 'GET',
  path: '/api/access/why',
  tag: 'Access',
  access: 'signedIn',
  summary: 'Why I may do something or not, on an object or at all; with role.read also for somebody else',
  query: z.object({
    permission: Permission,
    user: Email.optional().describe('E-mail address; oneself unless told'),
    type: z.enum(objectsOfWhy as [ObjectOfWhy, ...ObjectOfWhy[]]).optional(),
    object: z.string().min(1).max(200).optional().describe('Name or id of the object'),
  }),
  response: Why,
});
