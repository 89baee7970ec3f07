// Where secrets lie. The local store keeps them sealed in our own database; HashiCorp Vault, Azure Key Vault or Kubernetes implement the same
// five verbs, and a credential's column `store` says which one has it. What is around a secret (names, use, audit) is not the store's.
import type { WorkspaceTransaction } from '../../storage/database.ts';
import type { SecretPlace } from './envelope.ts';

export interface SecretStore {
  /** As the column `store` of a credential says it. */
  readonly name: string;
  /** Makes the secret or replaces it, in the caller's transaction. The caller wipes `plain`. */
  put(trx: WorkspaceTransaction, place: SecretPlace, plain: Buffer): Promise<void>;
  /** The caller wipes what it gets. @throws NotFound when there is none, Conflict when no key here opens it or it was changed */
  read(place: SecretPlace): Promise<Buffer>;
  erase(trx: WorkspaceTransaction, place: Omit<SecretPlace, 'purpose'>): Promise<void>;
  /** Puts the present secret aside until `until`, instead of one that was aside before. */
  setAside(trx: WorkspaceTransaction, place: Omit<SecretPlace, 'purpose'>, until: Date): Promise<void>;
  /** Puts back what lies aside. @returns false when nothing does, or its time is over */
  putBack(trx: WorkspaceTransaction, place: Omit<SecretPlace, 'purpose'>): Promise<boolean>;
}
