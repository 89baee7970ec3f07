// A transport is a way to run things on a host: its settings on a target, the credentials it takes, its test.
import type { TestResult } from '@tidewheel/contract/routes/connections';
import type { z } from 'zod';
import type { ConnectorTestContext } from './define-connector.ts';

/** A host as a step may use it: where it is and how to sign in. Opened for one attempt; the redactor knows its secret until that ends. */
export interface OpenTarget {
  id: string;
  /** Unique in the workspace: what documents and people call it. */
  name: string;
  os: 'linux' | 'windows';
  /** Host name or IP address. */
  address: string;
  /** The transport it is reached by: `ssh`, `winrm`. */
  transport: string;
  /** As the transport's schema `settings` has them, with its defaults. */
  settings: Record<string, unknown>;
  /** Who signs in: a named credential with its type, what of it is shown and what is secret. */
  credential: { type: string; fields: Record<string, unknown>; secret: Record<string, unknown> } | null;
  /** The host it is reached through, opened too. */
  via: OpenTarget | null;
  /** Keeps the host key that was taken on first use as the pinned one (`settings.hostKey`); left out where it cannot be kept. */
  keepHostKey?: ((fingerprint: string) => Promise<void>) | undefined;
  /** Told, without waiting, each time the host let somebody in and worked, or could not be reached or did not let him in. */
  onContact?: ((outcome: TargetReached) => void) | undefined;
}

/** How an attempt to reach a host went. What a command there says of itself is none of it. */
export type TargetReached = { isOk: true } | { isOk: false; error: Error };

/** What is known of a host without opening it. */
export interface TargetFacts {
  id: string;
  name: string;
  os: 'linux' | 'windows';
  address: string;
  transport: string;
  tags: string[];
  groups: string[];
  /** What was found out or written down about it, by name. */
  facts: Record<string, unknown>;
  inMaintenance: boolean;
}

/** Which hosts: those that fit all that is given. Empty lists fit none. */
export interface TargetSelection {
  names?: string[];
  /** Hosts with each of these tags. */
  tags?: string[];
  /** Hosts of any of these groups. */
  groups?: string[];
  /** CEL over `target` (the facts above): `target.os == "linux" && "web" in target.tags`. */
  where?: string;
}

export interface Transport<C extends z.ZodType = z.ZodType> {
  kind: string;
  title: string;
  icon: string;
  description: string;
  /** The operating systems it is offered for; the first is the usual one. */
  os: readonly ('linux' | 'windows')[];
  /** Kept on the target, without address and credential. */
  settings: C;
  /** Types of credentials it can sign in with; see contract/credential-types. */
  credentialTypes: readonly string[];
  /** Whether a target of it may be reached through another one. */
  takesVia: boolean;
  /** Really connects and says which of DNS, port, TLS, host key, sign-in, shell works, one check each; never throws for the far side's fault. */
  test(target: OpenTarget, ctx: ConnectorTestContext): Promise<TestResult>;
  /** Finds out about the host itself: hostname, os, version, cpus, memory_mb, disks. Left out: nothing can be found out this way. @throws AppError */
  gather?(target: OpenTarget, ctx: ConnectorTestContext): Promise<Record<string, string | number | boolean | string[]>>;
}

export function defineTransport<C extends z.ZodType>(transport: Transport<C>): Transport<C> {
  return transport;
}
