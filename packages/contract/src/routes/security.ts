// What an administrator sets about the surface of the installation: who may call it from where and how often, and where it may call.
import { z } from 'zod';
import { Instant } from '../identifiers.ts';
import { defineRoute } from '../route.ts';

/** A bucket of `burst` requests that fills by `perSecond`. */
const Rate = z.object({ perSecond: z.number().min(0.1).max(100_000), burst: z.number().int().min(1).max(1_000_000) });
export type Rate = z.infer<typeof Rate>;

export const rateClasses = ['open', 'signedIn', 'expensive', 'messages'] as const;
export type RateClass = (typeof rateClasses)[number];
const Rates = z.object({
  open: Rate.describe('Requests without a sign-in, of each address'),
  signedIn: Rate.describe('Requests of each user, API token or service account'),
  expensive: Rate.describe('Of those: previews, validations, exports and what else costs much'),
  messages: Rate.describe('Messages of each live channel'),
});
export type Rates = z.infer<typeof Rates>;

const Origin = z
  .string()
  .max(300)
  .regex(/^https?:\/\/(\[[0-9a-f:]+\]|[a-z0-9._-]+)(:\d{1,5})?$/, 'must be an origin like https://portal.example.com, in lower case and without a path');

const Editable = z.object({
  egressAllow: z
    .array(z.string().min(1).max(300))
    .max(500)
    .describe('Hosts (idp.example.com, *.example.com), addresses and networks (10.0.0.0/8), with or without :port, that outgoing connections may reach'),
  corsOrigins: z.array(Origin).max(50).describe('Web sites whose scripts may call this API with an API token'),
  rates: Rates,
  uploadMaxBytes: z.number().int().min(1_000).max(1_000_000_000_000).describe('Of one uploaded file'),
  uploadsPerWorkspace: z.number().int().min(1).max(1_000).describe('Uploads of a workspace at once, in each process'),
});

export const SecuritySettings = Editable.extend({
  /** What TIDEWHEEL_EGRESS_ALLOW adds; not to be changed here. */
  egressAllowFixed: z.array(z.string()),
  /** false: TIDEWHEEL_RATE_LIMITS=off, so the rates hold for nobody. */
  ratesEnforced: z.boolean(),
  updatedAt: Instant.nullable(),
  updatedBy: z.string().nullable(),
}).meta({ id: 'SecuritySettings' });
export type SecuritySettings = z.infer<typeof SecuritySettings>;

export const SecuritySettingsInput = Editable.extend({ rates: Rates.partial() }).partial();
export type SecuritySettingsInput = z.infer<typeof SecuritySettingsInput>;

export const showSecuritySettings = defineRoute({
  name: 'security.show',
  method: 'GET',
  path: '/api/security/settings',
  tag: 'Security',
  access: 'security.edit',
  summary: 'Limits of requests and uploads, foreign web sites, and where connections may go',
  response: SecuritySettings,
});
export const updateSecuritySettings = defineRoute({
  name: 'security.update',
  method: 'PATCH',
  path: '/api/security/settings',
  tag: 'Security',
  access: 'security.edit',
  summary: 'Change some of the limits; every process follows within seconds',
  body: SecuritySettingsInput,
  response: SecuritySettings,
});

export const egressClasses = ['http', 'host'] as const;
export const checkEgress = defineRoute({
  name: 'security.checkEgress',
  method: 'POST',
  path: '/api/security/egress/check',
  cost: 'expensive',
  tag: 'Security',
  access: 'security.edit',
  summary: 'Whether a connection to a host would be let out, without making it',
  description:
    '`http` stands for addresses that users and remote parties name (sign-in providers, webhooks), `host` for systems that somebody entered as a connection.',
  body: z.object({
    host: z.string().min(1).max(253),
    port: z.number().int().min(1).max(65_535),
    class: z.enum(egressClasses).default('http'),
  }),
  response: z.object({ allowed: z.boolean(), addresses: z.array(z.string()), reason: z.string().nullable() }),
});
