// The actions of the audit trail, without schemas: the browser loads it for its choice.

/** Everything that leaves an entry. Past tense, `object.happened`. */
export const auditActions = [
  'artifact.downloaded',
  'audit.exported',
  'connection.archived',
  'connection.created',
  'connection.tested',
  'connection.tried',
  'connection.updated',
  'file.downloaded',
  'file.removed',
  'file.uploaded',
  'flow.applied',
  'flow.archived',
  'flow.restored',
  'invitation.created',
  'invitation.revoked',
  'link.accepted',
  'run.cancelled',
  'run.rerun',
  'run.started',
  'session.revoked',
  'session.signed_in',
  'session.signed_out',
  'session.sign_in_failed',
  'token.created',
  'token.revoked',
  'user.role_changed',
] as const;
export type AuditAction = (typeof auditActions)[number];
