// What notifications ask of other parts of the platform. Siblings do not know one another: app/ hands these in.
import type { Ability } from '@tidewheel/contract/ability';
import type { Channel } from '@tidewheel/kit/define-channel';
import type { Logger } from '../../base/logger.ts';
import type { Databases, WorkspaceTransaction } from '../../storage/database.ts';
import type { Renderer } from './render/renderer.ts';

export interface ChannelVault {
  seal(
    trx: WorkspaceTransaction,
    what: { workspaceId: string; credentialId?: string | undefined; purpose: string; secret: Record<string, unknown> },
  ): Promise<string>;
  open(what: { workspaceId: string; credentialId: string; purpose: string }): Promise<{ secret: Record<string, unknown>; release(): void }>;
  remove(trx: WorkspaceTransaction, what: { workspaceId: string; credentialId: string }): Promise<void>;
}

export interface OutgoingMail {
  /** Its Message-ID is made of it, and a second one with the same is not put in. */
  id: string;
  purpose: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  usefulUntil: Date;
}

export interface NotifyMailer {
  isConfigured(): Promise<boolean>;
  enqueue(trx: WorkspaceTransaction, mail: OutgoingMail): Promise<void>;
}

/** A member of a workspace who can be told of something now. */
export interface Reachable {
  id: string;
  email: string;
  name: string;
  ability: Ability;
}

export interface NotifyDeps {
  databases: Databases;
  vault: ChannelVault;
  mailer: NotifyMailer;
  channels: readonly Channel[];
  renderer: Renderer;
  /** Members with what they may see; who is suspended or gone is left out. */
  reachable(workspaceId: string, userIds: readonly string[]): Promise<Map<string, Reachable>>;
  /** Where people reach the pages: `https://tidewheel.example.org`. */
  origin(): string;
  log: Logger;
}
