// Separation of duties: permissions that nobody may hold together.
import { z } from 'zod';
import { Id, Instant } from '../identifiers.ts';
import { defineRoute, permissions } from '../route.ts';
import { Person } from './access.ts';

const Permission = z.enum(permissions);
const Permissions = z.array(Permission).min(1).max(permissions.length);

export const Violation = z
  .object({
    separation: z.object({ id: Id, title: z.string() }),
    user: Person,
    permissions: z.tuple([Permission, Permission]),
    through: z.array(z.string()).describe('The role, grants and delegations that give them'),
    exempt: z.boolean().describe('The role admin holds everything: it is reported and not refused'),
  })
  .meta({ id: 'Violation' });
export type Violation = z.infer<typeof Violation>;
export const Separation = z
  .object({ id: Id, title: z.string(), one: z.array(Permission), other: z.array(Permission), createdBy: z.string(), createdAt: Instant })
  .meta({ id: 'Separation' });
export type Separation = z.infer<typeof Separation>;

export const listSeparations = defineRoute({
  name: 'separation.list',
  method: 'GET',
  path: '/api/separations',
  tag: 'Access',
  access: 'role.read',
  summary: 'List which permissions nobody may hold together',
  response: z.array(Separation),
});
export const createSeparation = defineRoute({
  name: 'separation.create',
  method: 'POST',
  path: '/api/separations',
  tag: 'Access',
  access: 'role.edit',
  status: 201,
  summary: 'Keep permissions apart: whoever may do one of these may not do one of those',
  description: 'Who holds both already keeps them and is named in the answer; from now on nothing is given that would make another such case.',
  body: z
    .strictObject({ title: z.string().trim().min(1).max(100), one: Permissions, other: Permissions })
    .refine(({ one, other }) => !one.some((permission) => other.includes(permission)), {
      path: ['other'],
      message: 'must not have a permission of the first set',
    }),
  response: Separation.extend({ violations: z.array(Violation) }),
});
export const removeSeparation = defineRoute({
  name: 'separation.remove',
  method: 'DELETE',
  path: '/api/separations/{id}',
  tag: 'Access',
  access: 'role.edit',
  summary: 'Keep them apart no more',
  params: z.object({ id: Id }),
  response: z.object({ removed: z.literal(true) }),
});
export const listViolations = defineRoute({
  name: 'separation.violations',
  method: 'GET',
  path: '/api/separations/violations',
  tag: 'Access',
  access: 'role.read',
  summary: 'Who holds together now what should be apart',
  response: z.array(Violation),
});
