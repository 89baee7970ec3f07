// Hosts as people and documents know them. The forms of their names and addresses, for server, web and command line alike.
import { z } from 'zod';
import { Folder, Id, Instant, Slug } from './identifiers.ts';
import { TestResult } from './routes/connections.ts';

export const targetSystems = ['linux', 'windows'] as const;
export type TargetSystem = (typeof targetSystems)[number];
/** By the last contact; `unknown`: never tested or used. What is in maintenance is that first, whatever its last contact said. */
export const targetStates = ['ok', 'failed', 'unknown', 'maintenance', 'archived'] as const;
export type TargetState = (typeof targetStates)[number];

const nameForm = /^[a-z0-9]([a-z0-9._-]{0,198}[a-z0-9])?$/;
const idForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Unlike a slug it may hold dots, so that hosts keep the names they have. Capitals become small ones: `WEB01` and `web01` are one host. */
export const TargetName = z
  .string()
  .trim()
  .toLowerCase()
  .regex(nameForm, 'must be 1 to 200 characters of a-z, 0-9, ., _ and -, beginning and ending with a letter or digit')
  .refine((name) => !idForm.test(name), 'looks like an id: steps name a host by its name or its id, and must be able to tell them apart')
  .meta({ id: 'TargetName', examples: ['web01.example.com'] });

/** A host in an address of the API: its name or its id. */
export const targetParam = z.object({ target: z.string().min(1).max(253).describe('Name or id of the host') });

const hostForm = /^([a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?\.)*[a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?\.?$/;
const v6 = z.ipv6();

/** What is wrong with the address of a host; undefined when nothing is. */
export function addressFault(address: string): string | undefined {
  if (address === '') return 'must not be empty';
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(address))
    return 'must be a host name or an IP address without a scheme: web01.example.com, not https://web01.example.com';
  if (address.includes('/')) return 'must be a host name or an IP address, without a path';
  if (address.includes('@')) return 'must not name a user: that is the credential’s';
  if (address.includes(':')) return addressFaultOfColons(address);
  if (/^\d+(\.\d+)*$/.test(address) && !z.ipv4().safeParse(address).success) return 'is no IPv4 address';
  if (address.length > 253 || !hostForm.test(address)) return 'must be a host name or an IP address; write international names in their ASCII form (xn--…)';
  return undefined;
}

function addressFaultOfColons(address: string): string | undefined {
  if (v6.safeParse(address.replace(/%[A-Za-z0-9_.-]{1,32}$/, '')).success) return undefined;
  if (/^[^:]+:\d+$/.test(address)) return 'must not hold a port: that is one of the settings';
  return 'is no IPv6 address';
}

/** IPv6 addresses may come in brackets and are kept without. */
export const TargetAddress = z
  .string()
  .trim()
  .max(300)
  .overwrite((text) => text.replace(/^\[(.*)\]$/, '$1'))
  .superRefine((text, context) => {
    const fault = addressFault(text);
    if (fault) context.addIssue({ code: 'custom', message: fault });
  })
  .meta({ id: 'TargetAddress', examples: ['web01.example.com', '10.20.0.7', '2001:db8::7'] });

export const TargetTag = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9]([a-z0-9_.:=-]{0,61}[a-z0-9])?$/, 'must be 1 to 63 characters of a-z, 0-9, _, ., :, = and -');
/** What is written down about a host, or was found out: names to values. */
export const TargetFact = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'must be a name of letters, digits and _, so that conditions can say target.facts.name');
const factValue = z.union([z.string().max(2_000), z.number(), z.boolean(), z.array(z.string().max(500)).max(200)]);
export const TargetFactValues = z
  .record(TargetFact, factValue)
  .refine((facts) => Object.keys(facts).length <= 200, 'has at most 200 names')
  .meta({ id: 'TargetFacts' });
export type TargetFactValues = z.infer<typeof TargetFactValues>;

export const TargetContact = z
  .object({
    ok: z.boolean(),
    at: Instant,
    by: z.string().describe('Who asked, or the run that did'),
    failed: z.string().nullable().describe('Why it could not be reached'),
  })
  .meta({ id: 'TargetContact' });
export const TargetMaintenance = z
  .object({
    from: Instant,
    until: Instant.nullable().describe('null: until somebody ends it'),
    reason: z.string(),
    by: z.string(),
    isActive: z.boolean().describe('Whether it has begun'),
  })
  .meta({ id: 'TargetMaintenance' });

export const Target = z
  .object({
    id: Id,
    name: z.string(),
    title: z.string(),
    description: z.string(),
    os: z.enum(targetSystems),
    address: z.string(),
    transport: z.string().describe('ssh or winrm; see /api/transports'),
    settings: z.record(z.string(), z.unknown()),
    credential: Slug.nullable(),
    via: z.string().nullable().describe('The host it is reached through'),
    dependsOn: z.array(z.string()),
    category: Folder.nullable(),
    tags: z.array(z.string()),
    groups: z.array(z.string()).describe('Groups whose list of hosts it is on'),
    facts: TargetFactValues.describe('Written down by people'),
    found: TargetFactValues.describe('Found out on the host itself'),
    foundAt: Instant.nullable(),
    contact: TargetContact.nullable().describe('The last attempt to reach it, by a test or a step; to a minute'),
    seenAt: Instant.nullable().describe('When it was reached last'),
    lastFailure: z
      .object({ at: Instant, by: z.string(), why: z.string() })
      .nullable()
      .describe('When it could not be reached last, and why; kept when it is reached again'),
    maintenance: TargetMaintenance.nullable(),
    state: z.enum(targetStates),
    createdAt: Instant,
    createdBy: z.string(),
    updatedAt: Instant,
    archivedAt: Instant.nullable(),
  })
  .meta({ id: 'Target' });
export type Target = z.infer<typeof Target>;

export const TargetDetail = Target.extend({
  lastTest: TestResult.nullable().describe('What the last test found'),
  testedAt: Instant.nullable(),
  testedBy: z.string().nullable(),
  neededBy: z.array(z.string()).describe('Hosts that depend on it'),
  jumpFor: z.array(z.string()).describe('Hosts that are reached through it'),
  allGroups: z.array(z.object({ slug: z.string(), title: z.string(), isDynamic: z.boolean() })),
}).meta({ id: 'TargetDetail' });
export type TargetDetail = z.infer<typeof TargetDetail>;

const text = (most: number) => z.string().max(most);
/** What is left out: of a new host its default, of a host that is changed what is stored. */
export const TargetChange = z.strictObject({
  title: text(200).optional().describe('Its name when empty'),
  description: text(4_000).optional(),
  os: z.enum(targetSystems).optional(),
  address: TargetAddress.optional(),
  transport: text(60).optional(),
  settings: z.record(z.string(), z.unknown()).optional(),
  credential: Slug.nullable().optional().describe('A named credential; null for none'),
  via: TargetName.nullable().optional().describe('Another host to reach it through; null for none'),
  dependsOn: z.array(TargetName).max(100).optional(),
  category: Folder.nullable().optional(),
  tags: z.array(TargetTag).max(50).optional(),
  groups: z.array(Slug).max(50).optional(),
  facts: TargetFactValues.optional(),
});
export type TargetChange = z.infer<typeof TargetChange>;
export const TargetInput = TargetChange.extend({ name: TargetName, address: TargetAddress, os: z.enum(targetSystems) });
export type TargetInput = z.infer<typeof TargetInput>;

export const TargetGroup = z
  .object({
    id: Id,
    slug: Slug,
    title: z.string(),
    description: z.string(),
    query: z.string().nullable().describe('CEL over `target`; null: a list of hosts'),
    members: z.number().int(),
    undecided: z.number().int().describe('Hosts for which the query could not be evaluated: they lack a fact that it asks for'),
    createdAt: Instant,
    updatedAt: Instant,
    archivedAt: Instant.nullable(),
  })
  .meta({ id: 'TargetGroup' });
export type TargetGroup = z.infer<typeof TargetGroup>;

/** Which hosts of a list. */
export const TargetFilter = z.object({
  os: z.enum(targetSystems).optional(),
  transport: z.string().max(60).optional(),
  tag: TargetTag.optional(),
  group: Slug.optional(),
  category: Folder.optional().describe('Of this category and those below it'),
  credential: Slug.optional(),
  search: z.string().max(200).optional().describe('Part of name, title, address or description'),
  state: z.enum(targetStates).optional().describe('Left out: all but archived ones'),
  notSeenDays: z.coerce.number().int().min(0).max(3_650).optional().describe('Not reached for so many days, or never'),
});
export type TargetFilter = z.infer<typeof TargetFilter>;

/** Hosts by name, or all that a filter shows. */
export const TargetChoice = z
  .strictObject({ names: z.array(z.string().min(1).max(253)).min(1).max(10_000).optional(), filter: TargetFilter.optional() })
  .refine(({ names, filter }) => (names === undefined) !== (filter === undefined), 'give either names or a filter')
  .meta({ id: 'TargetChoice' });
export type TargetChoice = z.infer<typeof TargetChoice>;
