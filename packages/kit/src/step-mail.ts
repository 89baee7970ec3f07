// What a step sees of the mail of this installation.
import type { FileRef } from '@tidewheel/contract/values';

export interface StepMail {
  /** Where a person sees this run in the web. */
  runLink(): Promise<string>;
  /** Addresses of the people in the workspace who hold one of these roles now. */
  membersOf(roles: readonly string[]): Promise<string[]>;
  /**
   * Puts a mail into the outbox, durable when this resolves: one for each address, all with the same Message-ID. Once for each address and step of a run, however
   * often it is tried; an address whose mail was given up gets it anew. @throws Conflict when mail is not configured, NotAllowed for an address that may not get any
   */
  enqueue(mail: StepMailContent): Promise<void>;
  /** How it went so far, by address. */
  sent(): Promise<SentMail[]>;
}

export interface StepMailContent {
  to: readonly string[];
  cc: readonly string[];
  /** Get it without being named. */
  bcc: readonly string[];
  subject: string;
  text: string;
  files: readonly FileRef[];
}

export interface SentMail {
  to: string;
  /** waiting: for its turn or the next attempt; sending: a sender has it; unknown: its sender died, it may have arrived, and is sent again with the same Message-ID. */
  state: 'waiting' | 'sending' | 'unknown' | 'sent' | 'failed';
  messageId: string;
  /** Of its last attempt. */
  error: string | null;
}
