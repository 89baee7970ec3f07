// The tables of signing in through providers, as Kysely sees them.
import type { SsoMapping } from '@tidewheel/contract/routes/sso';
import type { ColumnType, Generated, JSONColumnType } from 'kysely';

export interface SsoProviderTable {
  id: string;
  slug: string;
  title: string;
  issuer: string;
  client_id: string;
  sealed_secret: Buffer | null;
  scopes: string[];
  email_domains: string[];
  email_trust: 'claim' | 'always' | 'never';
  provision: boolean;
  link_by_email: boolean;
  groups_claim: string;
  second_factor: 'ours' | 'claims' | 'always';
  factor_values: string[];
  end_session: boolean;
  certificate_authority: string | null;
  enabled: boolean;
  position: number;
  mapping: ColumnType<SsoMapping, string | undefined, string>;
  created_at: Generated<Date>;
  updated_at: ColumnType<Date, Date | undefined, Date>;
  updated_by: string;
}
export interface SsoTransactionTable {
  state_hash: string;
  browser_hash: string;
  provider_id: string;
  user_id: string | null;
  sealed: Buffer;
  next: string;
  expires_at: Date;
}
export interface ExternalIdentityTable {
  provider_id: string;
  subject: string;
  user_id: string;
  email: string | null;
  claims: JSONColumnType<Record<string, unknown>>;
  created_at: Generated<Date>;
  last_sign_in_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
}
export interface SsoStepTable {
  token_hash: string;
  provider_id: string;
  sealed_id_token: Buffer | null;
}
