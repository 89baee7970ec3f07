// A connector is how Tidewheel reaches one kind of system: its settings, its secret, its test.
import type { TestResult } from '@tidewheel/contract/routes/connections';
import type { z } from 'zod';
import type { FileSource } from './file-source.ts';
import type { SqlSession } from './sql-session.ts';

export interface ConnectorTestContext {
  signal: AbortSignal;
  log(text: string): void;
}

/** What an administrator lets connections of this installation reach. */
export interface ConnectorLimits {
  /** Absolute folders below which a folder connection may have its root. */
  folders: readonly string[];
  /** Our own data folder, which holds keys and other workspaces' files: closed, but for allowed folders that lie in it. */
  dataFolder: string;
}

/** Something this installation does not allow, by the dotted path of the setting. */
export interface ConnectorFault {
  path: string;
  message: string;
  hint?: string;
}

/** An opened connection in the hands of whoever uses it. Sessions are pooled by all of it but the signal. */
export interface Reach<C = Record<string, unknown>, S = Record<string, unknown>> {
  workspaceId: string;
  slug: string;
  config: C;
  secret: S | null;
  /** Ends what is under way: on the far side too, where that is possible. */
  signal: AbortSignal;
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
  /** Names of settings that say where the secret goes (host, port, user): when one changes, the secret has to be given again. */
  destination?: readonly string[];
  /** Its files, where it holds any: what file triggers look at. */
  files?(reach: Reach<z.output<C>, z.output<S>>): FileSource;
  /** Faults against the limits of this installation; asked when settings are saved, tested and at each opening, so that narrowed limits take effect. */
  admit?(config: z.output<C>, limits: ConnectorLimits): Promise<ConnectorFault[]>;
  /** Faults that a test may have (it may discover what is missing) but saved settings may not. Pure. */
  unfinished?(config: z.output<C>): ConnectorFault[];
  /** Really connects and says what works, one check at a time; never throws for a far side's fault. */
  test(settings: { config: z.output<C>; secret: z.output<S> | null }, ctx: ConnectorTestContext): Promise<TestResult>;
  /** Of databases: `work` with a session of its own, from the pool of this process. @throws what `work` throws, Unreachable, TimedOut, InvalidInput for a refused sign-in */
  withDatabase?<T>(reach: Reach<z.output<C>, z.output<S>>, work: (session: SqlSession) => Promise<T>): Promise<T>;
}

export function defineConnector<C extends z.ZodType, S extends z.ZodType>(connector: Connector<C, S>): Connector<C, S> {
  return connector;
}
