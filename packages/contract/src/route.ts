// A route as data: the server mounts it, the client calls it, OpenAPI and the permission test read it.
import type { z } from 'zod';

export const permissions = [
  'flow.read',
  'flow.edit',
  'flow.run',
  'run.read',
  'run.cancel',
  'schedule.read',
  'schedule.edit',
  'approval.decide',
  'notification.read',
  'notification.raise',
  'channel.read',
  'channel.edit',
  'artifact.read',
  'trigger.read',
  'trigger.edit',
  'connection.read',
  'connection.edit',
  'credential.read',
  'credential.edit',
  'target.read',
  'target.edit',
  'file.read',
  'file.edit',
  'calendar.read',
  'calendar.edit',
  'color.read',
  'color.edit',
  'desk.edit',
  'backup.edit',
  'user.read',
  'user.edit',
  'mail.edit',
  'system.read',
  'system.edit',
  'audit.read',
  'audit.edit',
  'role.read',
  'role.edit',
  'grant.edit',
  'service_account.read',
  'service_account.edit',
  'change.read',
  'change.revert',
  'workspace.read',
  'workspace.edit',
  'sign_in.edit',
  'sso.edit',
  'security.edit',
] as const;
export type Permission = (typeof permissions)[number];
/** About the installation, not a workspace: they count for members of its main workspace only. */
export const installationPermissions: ReadonlySet<Permission> = new Set([
  'mail.edit',
  'workspace.edit',
  'sign_in.edit',
  'sso.edit',
  'security.edit',
  'system.read',
  'system.edit',
]);

export interface Route {
  /** Stable operation name, `noun.verb`: `run.start`. */
  name: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** OpenAPI form: `/api/runs/{id}`. */
  path: string;
  summary: string;
  description?: string;
  /** `open` needs nobody, `signedIn` any signed-in user, else the permission that the workspace role must hold. */
  access: 'open' | 'signedIn' | Permission;
  /** expensive: counted against a stricter rate besides the caller's usual one. own: whoever answers limits its callers; only wrong ones are counted by address. */
  cost?: 'expensive' | 'own';
  tag: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** The media type of a body that is not JSON. One of any type is handed on as it came. */
  bodyType?: 'application/octet-stream' | 'application/yaml' | 'multipart/form-data' | '*/*';
  response: z.ZodType;
  /** The status of success; 200 unless told. */
  status?: 200 | 201 | 202 | 204;
  /** The media type of an answer that is not JSON; then `response` is ignored by server and client. */
  responseType?: 'application/octet-stream' | 'text/event-stream' | 'application/yaml';
}

type InputOf<S> = S extends z.ZodType ? z.input<S> : undefined;
type OutputOf<S> = S extends z.ZodType ? z.output<S> : undefined;

/** What a caller gives. */
export type RouteInput<R extends Route> = {
  [K in 'params' | 'query' | 'body' as R[K] extends z.ZodType ? K : never]: InputOf<R[K]>;
};
/** What a handler gets, validated. */
export type RouteParsed<R extends Route> = { params: OutputOf<R['params']>; query: OutputOf<R['query']>; body: OutputOf<R['body']> };
/** What a handler returns, before serialization. */
export type RouteReply<R extends Route> = z.input<R['response']>;
/** What a caller receives. */
export type RouteResult<R extends Route> = z.output<R['response']>;

/** Declares a route; the type parameter keeps each schema's exact type. */
export function defineRoute<const R extends Route>(route: R): R {
  return route;
}
