// The audit trail: what was done, by whom, and the proof that nothing of it was changed afterwards.
import { z } from 'zod';
import { auditActions } from '../audit-actions.ts';
import { Id, Instant } from '../identifiers.ts';
import { PageQuery, pageOf } from '../page.ts';
import { defineRoute } from '../route.ts';

const AuditActor = z.object({
  kind: z.enum(['user', 'service', 'run', 'system', 'nobody']).describe('`nobody`: not signed in, as when signing in failed'),
  id: z.string().nullable(),
  label: z.string(),
  through: z.array(z.string()).optional().describe("Who lent the rights that it needed, where they were not the actor's own"),
});
const AuditObject = z.object({ type: z.string(), id: z.string(), title: z.string() });

export const AuditEntry = z
  .object({
    id: Id,
    at: Instant,
    action: z.string(),
    actor: AuditActor.nullable().describe('null once retention erased the content'),
    object: AuditObject.nullable(),
    requestId: z.string().nullable(),
    address: z.string().nullable(),
    erased: z.boolean().describe('Retention removed the content; its place in the tree and its hash stay'),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof AuditEntry>;

/** Hashes in base64, as in RFC 9162. */
export const AuditProof = z
  .object({
    leafIndex: z.number().int(),
    leaf: z.string().describe('The text whose SHA-256, after a byte 0x00, is the leaf'),
    payload: z.string().nullable().describe('The exact text that was hashed after the salt'),
    salt: z.string().nullable().describe('hex'),
    path: z.array(z.string()).describe('Inclusion proof, RFC 9162 section 2.1.3'),
    checkpoint: z.string().describe('C2SP tlog-checkpoint, signed'),
  })
  .meta({ id: 'AuditProof' });
export type AuditProof = z.infer<typeof AuditProof>;

export const AuditDetail = AuditEntry.extend({
  before: z.unknown(),
  after: z.unknown(),
  proof: AuditProof.nullable().describe('null in the moments until the sequencer has given the entry its place'),
}).meta({ id: 'AuditDetail' });
export type AuditDetail = z.infer<typeof AuditDetail>;

export const AuditCheckpoint = z
  .object({
    size: z.number().int(),
    root: z.string().describe('base64'),
    note: z.string().describe('C2SP tlog-checkpoint, signed. Keep it somewhere else: a later tree must contain it'),
    key: z.string().describe('The verifier key of the signature, C2SP signed-note form'),
    signedAt: Instant,
    since: z
      .object({ size: z.number().int(), proof: z.array(z.string()) })
      .nullable()
      .describe('Consistency proof from `since`, RFC 9162 section 2.1.4'),
  })
  .meta({ id: 'AuditCheckpoint' });
export type AuditCheckpoint = z.infer<typeof AuditCheckpoint>;

export const AuditFilter = z.object({
  actor: z.string().max(200).optional().describe('Part of the name, or the whole id'),
  action: z.enum(auditActions).optional(),
  objectType: z.string().max(50).optional(),
  objectId: z.string().max(100).optional(),
  from: Instant.optional(),
  to: Instant.optional(),
});
export type AuditFilter = z.infer<typeof AuditFilter>;

export const AuditRetention = z
  .object({
    days: z
      .number()
      .int()
      .min(30)
      .max(36_500)
      .nullable()
      .describe('Contents older than so many days are erased; null keeps everything. Places in the tree and hashes stay'),
    updatedAt: Instant.nullable(),
    updatedBy: z.string().nullable(),
  })
  .meta({ id: 'AuditRetention' });
export type AuditRetention = z.infer<typeof AuditRetention>;

export const showRetention = defineRoute({
  name: 'audit.retention',
  method: 'GET',
  path: '/api/audit/retention',
  tag: 'Audit',
  access: 'audit.read',
  summary: 'How long the contents of entries are kept',
  response: AuditRetention,
});
export const updateRetention = defineRoute({
  name: 'audit.setRetention',
  method: 'PUT',
  path: '/api/audit/retention',
  tag: 'Audit',
  access: 'audit.edit',
  summary: 'Set how long the contents of entries are kept; erasing begins within the hour and cannot be undone',
  body: AuditRetention.pick({ days: true }),
  response: AuditRetention,
});
export const listAudit = defineRoute({
  name: 'audit.list',
  method: 'GET',
  path: '/api/audit',
  tag: 'Audit',
  access: 'audit.read',
  summary: 'List what was done, newest first',
  query: PageQuery.extend(AuditFilter.shape),
  response: pageOf(AuditEntry),
});
export const exportAudit = defineRoute({
  name: 'audit.export',
  method: 'GET',
  path: '/api/audit/export',
  cost: 'expensive',
  tag: 'Audit',
  access: 'audit.read',
  summary: 'Export entries with their proofs as NDJSON',
  description: 'Without a filter the export is complete: the verifier then also proves that no entry is left out.',
  query: AuditFilter,
  response: z.string(),
  responseType: 'application/octet-stream',
});
export const showCheckpoint = defineRoute({
  name: 'audit.checkpoint',
  method: 'GET',
  path: '/api/audit/checkpoint',
  tag: 'Audit',
  access: 'audit.read',
  summary: 'Show the newest signed checkpoint',
  query: z.object({ since: z.coerce.number().int().min(1).optional().describe('The size of an earlier checkpoint: adds the proof that it is contained') }),
  response: AuditCheckpoint,
});
export const showAudit = defineRoute({
  name: 'audit.show',
  method: 'GET',
  path: '/api/audit/{id}',
  tag: 'Audit',
  access: 'audit.read',
  summary: 'Show an entry with before, after and proof',
  params: z.object({ id: Id }),
  response: AuditDetail,
});
