// Access as data: what a rule can say, about which objects, and the roles that every workspace has from the start.
import { z } from 'zod';
import { Slug } from './identifiers.ts';
import { installationPermissions, type Permission, permissions } from './route.ts';

/** What an object is known by in a rule's `where`. An object type that is not here has no conditions: a rule holds for all of them. */
export const attributes = {
  flow: ['flow', 'folder', 'kind'],
  run: ['flow', 'folder', 'kind', 'startedBy'],
  schedule: ['schedule', 'flow', 'folder', 'kind'],
  approval: ['flow', 'folder', 'kind', 'startedBy'],
  artifact: ['flow', 'folder', 'kind', 'startedBy'],
  // Of what is about a flow; what is about none fits no condition.
  notification: ['flow', 'folder', 'kind'],
  trigger: ['flow', 'folder', 'kind'],
  connection: ['connection', 'folder', 'type'],
  credential: ['credential', 'type'],
  target: ['target', 'os', 'category'],
  file: ['file', 'uploadedBy'],
  // What may be shared: an object is asked about by its own attributes.
  grant: ['flow', 'folder', 'kind', 'connection', 'credential', 'type', 'file', 'uploadedBy'],
} as const;
export type ObjectType = keyof typeof attributes;
export const objectTypes = Object.keys(attributes) as ObjectType[];

/** What a role can keep from its holders. `columns.<name>` is a column of the tables that runs make. */
export const maskable = {
  run: ['parameters', 'startedBy', 'columns'],
  connection: ['config'],
  user: ['email', 'lastSeenAt'],
  audit: ['before', 'after', 'address'],
} as const;
export type MaskableType = keyof typeof maskable;

const attributeNames = [...new Set(Object.values(attributes).flat())] as [string, ...string[]];

/**
 * Attribute to the values that fit. `finance*` fits whatever begins so, `@me` is the e-mail of whoever acts. Several attributes must all fit.
 * A folder fits those below it too.
 */
export const Where = z
  .partialRecord(z.enum(attributeNames), z.array(z.string().min(1).max(200)).min(1).max(200))
  .meta({ id: 'Where', description: 'Attribute to the values that fit; `finance*` is a prefix, `@me` whoever acts' });
export type Where = z.infer<typeof Where>;

export const Rule = z
  .strictObject({
    effect: z.enum(['allow', 'deny']).default('allow').describe('What is denied stays denied, whatever else the same role allows'),
    permissions: z.array(z.enum(permissions)).min(1).max(permissions.length),
    where: Where.optional(),
  })
  .superRefine((rule, context) => {
    for (const attribute of Object.keys(rule.where ?? {})) {
      const strange = rule.permissions.filter((permission) => !attributesOf(permission).includes(attribute));
      if (strange.length === 0) continue;
      context.addIssue({
        code: 'custom',
        path: ['where', attribute],
        message: `says nothing about ${strange.join(', ')}: leave it out or make a rule of its own`,
      });
    }
  })
  .meta({ id: 'Rule' });
export type Rule = z.infer<typeof Rule>;

export const Mask = z
  .strictObject({
    type: z.enum(Object.keys(maskable) as [MaskableType, ...MaskableType[]]),
    field: z.string().min(1).max(200).describe('A field of that type, or one inside it: `config.host`, `columns.isin`'),
    as: z.enum(['masked', 'hidden']).describe('masked: ••••• in its place; hidden: as if it had no value'),
    where: Where.optional(),
  })
  .superRefine((mask, context) => {
    const [head = ''] = mask.field.split('.', 1);
    const known: readonly string[] = maskable[mask.type];
    if (!known.includes(head)) context.addIssue({ code: 'custom', path: ['field'], message: `must be one of ${known.join(', ')}, or inside one of them` });
    const fits = mask.type in attributes ? attributes[mask.type as ObjectType] : [];
    for (const attribute of Object.keys(mask.where ?? {}))
      if (!(fits as readonly string[]).includes(attribute))
        context.addIssue({ code: 'custom', path: ['where', attribute], message: `is no attribute of a ${mask.type}` });
  })
  .meta({ id: 'Mask' });
export type Mask = z.infer<typeof Mask>;

/** Where rules come from. Each source is judged by itself, and one that allows is enough; what a `scope` (of a key) does not allow too is refused. */
export const RuleSource = z
  .object({
    kind: z.enum(['role', 'grant', 'delegation', 'scope']),
    id: z.string().optional().describe('Of the grant or the delegation'),
    title: z.string().describe('As people read it: `role Operator`, `grant until 2026-12-01`'),
    rules: z.array(Rule),
    masks: z.array(Mask),
    me: z.string().describe('Whom `@me` means'),
    until: z.iso.datetime().nullable(),
  })
  .meta({ id: 'RuleSource' });
export type RuleSource = z.infer<typeof RuleSource>;

/** The noun of a permission: `flow` of `flow.edit`. */
export function nounOf(permission: Permission): string {
  return permission.slice(0, permission.indexOf('.'));
}
export function verbOf(permission: Permission): string {
  return permission.slice(permission.indexOf('.') + 1);
}
export function attributesOf(permission: Permission): readonly string[] {
  const noun = nounOf(permission);
  return noun in attributes ? attributes[noun as ObjectType] : [];
}

export interface RoleContent {
  title: string;
  description: string;
  rules: Rule[];
  masks: Mask[];
}

/** Held by administrators alone, by preset. Credentials are theirs to manage (CRED-05). */
const administrative: ReadonlySet<Permission> = new Set([
  ...[...installationPermissions].filter((permission) => permission !== 'system.read'),
  // A backup holds everything, and a restore writes it.
  'backup.edit',
  'user.edit',
  'role.edit',
  'grant.edit',
  'service_account.edit',
  // Whoever sets who is told can have anything told to himself.
  'channel.edit',
  'credential.edit',
  'change.revert',
  'audit.edit',
]);
const reads: Permission[] = [
  'flow.read',
  'run.read',
  'schedule.read',
  'notification.read',
  'channel.read',
  'artifact.read',
  'trigger.read',
  'connection.read',
  'credential.read',
  'target.read',
  'file.read',
  'calendar.read',
  'color.read',
  'user.read',
  'role.read',
  'system.read',
];

function preset(title: string, description: string, allowed: Permission[]): RoleContent {
  return { title, description, rules: [{ effect: 'allow', permissions: allowed }], masks: [] };
}

/** The roles that every workspace has (AUTH-16). An administrator may change all but `admin`, who can always mend what others broke. */
export const presetRoles: Readonly<Record<string, RoleContent>> = {
  admin: preset('Admin', 'Everything, people and secrets included', [...permissions]),
  developer: preset('Developer', 'Builds and runs flows and connections; no people, no secrets', [
    ...permissions.filter((permission) => !administrative.has(permission)),
  ]),
  designer: preset('Designer', 'Builds and runs flows on the connections that are there', [
    ...reads,
    'flow.edit',
    'flow.run',
    'run.cancel',
    'schedule.edit',
    'notification.raise',
    'trigger.edit',
    'file.edit',
    'color.edit',
    'approval.decide',
  ]),
  operator: preset('Operator', 'Runs flows and ends runs', [
    ...reads,
    'flow.run',
    'run.cancel',
    'schedule.edit',
    'notification.raise',
    'color.edit',
    'approval.decide',
  ]),
  viewer: preset('Viewer', 'Sees everything but secrets, and decides where it is asked', [...reads, 'approval.decide']),
  executive: preset('Executive', 'Sees flows, runs and what came out, and decides where it is asked', [
    'flow.read',
    'run.read',
    'schedule.read',
    'artifact.read',
    'color.read',
    'approval.decide',
  ]),
};

/** Slug of a role of the workspace: a preset, or one of its own. */
export const Role = Slug;
export type Role = z.infer<typeof Role>;
