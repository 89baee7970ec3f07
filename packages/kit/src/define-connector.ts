// A connector is how Tidewheel reaches one kind of system: its settings, its secret, its test.
import type { TestResult } from '@tidewheel/contract/routes/connections';
import type { z } from 'zod';

export interface ConnectorTestContext {
  signal: AbortSignal;
  /** Folders that an administrator registered; a folder connector refuses everything outside. Empty: none but its own root. */
  log(text: string): void;
}

export interface Connector<C extends z.ZodType = z.ZodType, S extends z.ZodType = z.ZodType> {
  type: string;
  title: string;
  icon: string;
  description: string;
  config: C;
  /** The secret part, kept in the vault; null when there is none. */
  secret: S | null;
  examples: { title: string; config: z.input<C> }[];
  /** Really connects and says what works, one check at a time; never throws for a far side's fault. */
  test(settings: { config: z.output<C>; secret: z.output<S> | null }, ctx: ConnectorTestContext): Promise<TestResult>;
}

export function defineConnector<C extends z.ZodType, S extends z.ZodType>(connector: Connector<C, S>): Connector<C, S> {
  return connector;
}
