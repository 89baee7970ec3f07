// A channel is a way by which people are told: its settings, its secret, how a message goes out. A new one is one file.
import type { Severity } from '@tidewheel/contract/notification';
import type { z } from 'zod';

/** What is told, rendered for one recipient. */
export interface ChannelMessage {
  /** Stays the same over all attempts, so that the far side can tell a repetition. */
  id: string;
  kind: string;
  severity: Severity;
  /** One line. */
  subject: string;
  /** Plain text of a few lines. */
  text: string;
  /** Escaped already. */
  html: string;
  /** A sentence, for places with little room. */
  short: string;
  /** Where to look at it. */
  link: string | null;
  workspace: string;
  flow: string | null;
  object: { type: string; id: string } | null;
  data: Record<string, unknown>;
  /** When it happened, ISO 8601. */
  at: string;
  /** How many more like this one were folded into it. */
  more: number;
  /** Sent by the button that tests a channel. */
  isTest: boolean;
}

export interface ChannelSettings<C, S> {
  config: C;
  secret: S | null;
}

/** A person, or an address of somebody who has no account. */
export interface ChannelRecipient {
  email: string;
  name: string | null;
}

interface ChannelFacts<C extends z.ZodType, S extends z.ZodType> {
  type: string;
  title: string;
  icon: string;
  description: string;
  config: C;
  /** The secret part, kept in the vault; null when there is none. */
  secret: S | null;
  examples: { title: string; config: z.input<C> }[];
  /** Names of settings that say where the secret goes: when one changes, the secret has to be given again. */
  destination?: readonly string[];
  /** Faults of settings that only make sense together with a secret, or with each other. Pure. @returns by the path of the setting, `secret.token` */
  unfinished?(settings: ChannelSettings<z.output<C>, z.output<S>>): { path: string; message: string }[];
}

/** Calls out by itself. */
export interface CallingChannel<C extends z.ZodType = z.ZodType, S extends z.ZodType = z.ZodType> extends ChannelFacts<C, S> {
  via: 'call';
  /** `people`: each recipient by himself; `place`: the one place that the settings name, once for all. */
  reaches(config: z.output<C>): 'people' | 'place';
  /**
   * Sends it, by `kit/egress` alone. `to` is null where it reaches a place.
   * @returns what the far side answered, for the delivery log. @throws AppError: retryable ones are tried again, others are not; TooMany with
   * `details.retryAfterSeconds` gives the whole channel a rest
   */
  send(
    message: ChannelMessage,
    what: ChannelSettings<z.output<C>, z.output<S>> & { to: ChannelRecipient | null; signal: AbortSignal; now: Date },
  ): Promise<{ answer: string }>;
}

/** Carried by the server itself: `mail` by the outbox of the installation, `inbox` kept for the person and shown in the pages. There is one of each. */
export interface CarriedChannel<C extends z.ZodType = z.ZodType, S extends z.ZodType = z.ZodType> extends ChannelFacts<C, S> {
  via: 'mail' | 'inbox';
}

export type Channel<C extends z.ZodType = z.ZodType, S extends z.ZodType = z.ZodType> = CallingChannel<C, S> | CarriedChannel<C, S>;

export function defineChannel<C extends z.ZodType, S extends z.ZodType>(channel: CallingChannel<C, S>): CallingChannel<C, S>;
export function defineChannel<C extends z.ZodType, S extends z.ZodType>(channel: CarriedChannel<C, S>): CarriedChannel<C, S>;
export function defineChannel(channel: Channel): Channel {
  return channel;
}
