// The tables of passkeys, mailed codes and sign-ins that wait for their second step. Part of schema.ts.
import type { ColumnType, Generated } from 'kysely';

type Defaulted<T> = ColumnType<T, T | undefined, T>;

export interface PasskeyTable {
  id: string;
  user_id: string;
  title: string;
  credential_id: string;
  public_key: Buffer;
  rp_id: string;
  counter: number;
  transports: string[];
  backed_up: boolean;
  created_at: Generated<Date>;
  last_used_at: Date | null;
}
export interface PasskeyChallengeTable {
  challenge: string;
  browser_hash: string;
  purpose: 'register' | 'sign-in' | 'second-factor';
  user_id: string | null;
  expires_at: Date;
}
export interface PendingSignInTable {
  token_hash: string;
  user_id: string;
  created_at: Generated<Date>;
  expires_at: Date;
  code_hash: string | null;
  code_expires_at: Date | null;
  code_tries: Defaulted<number>;
  codes_sent: Defaulted<number>;
  code_sent_at: Date | null;
}
export interface EmailFactorTable {
  user_id: string;
  created_at: Generated<Date>;
}
/** A view. */
export interface SecondFactorView {
  user_id: string;
  method: 'app' | 'passkey' | 'email';
}
