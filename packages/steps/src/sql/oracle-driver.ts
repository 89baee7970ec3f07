// The one file that knows the insides of node-oracledb (thin mode; the version is pinned). The driver makes its own sockets, also to where a listener redirects it,
// and makes JavaScript dates of Oracle's: both are replaced, so that every connection goes the checked way out with the TLS of the connection, and times keep all of their digits.
import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { connectAllowed } from '@tidewheel/kit/egress/egress';
import { securedSocket } from '@tidewheel/kit/egress/secured-socket';
import { type DatabaseServer, placeToReach, tlsOptions } from './database-settings.ts';
import { timeTextOf } from './oracle-types.ts';

export interface OracleType {
  name: string;
}
export interface OracleColumn {
  name: string;
  dbType: OracleType;
  precision?: number;
  scale?: number;
}
export interface OracleRows {
  getRows(count: number): Promise<unknown[][]>;
  close(): Promise<void>;
}
export interface OracleResult {
  metaData?: OracleColumn[];
  rows?: unknown[][];
  rowsAffected?: number;
  resultSet?: OracleRows;
}
export type OracleBinds = Record<string, { val: unknown; type?: OracleType; maxSize?: number }>;
export interface OracleConnection {
  oracleServerVersionString: string;
  execute(sql: string, binds: OracleBinds, options: Record<string, unknown>): Promise<OracleResult>;
  executeMany(sql: string, rows: Record<string, unknown>[], options: Record<string, unknown>): Promise<{ rowsAffected?: number }>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  break(): Promise<void>;
}
export interface OracleDriver {
  OUT_FORMAT_ARRAY: number;
  DB_TYPE_VARCHAR: OracleType;
  DB_TYPE_NUMBER: OracleType;
  DB_TYPE_TIMESTAMP_TZ: OracleType;
  DB_TYPE_RAW: OracleType;
  STRING: OracleType;
  BUFFER: OracleType;
  getConnection(settings: Record<string, unknown>): Promise<OracleConnection>;
}

/** Of one sign-in: what the transport must go by, and the socket it made. */
export interface OracleWay {
  settings: DatabaseServer;
  /** The address of `settings.host` that was checked and given to the driver. */
  address: string;
  signal: AbortSignal;
  socket?: Socket;
}

/** What we need of the driver's transport. */
interface Transport {
  secure: boolean;
  connected: boolean;
  stream: Socket | null;
  connStream: Socket;
  host: string;
  hostName: string;
  port: number;
  setupEventHandlers(): void;
}
interface TransportAddress {
  host: string;
  hostname: string;
  port: number;
}
interface TransportClass {
  prototype: { connect(this: Transport, address: TransportAddress): Promise<void>; renegTLS(this: Transport): Promise<void> };
}

const ways = new AsyncLocalStorage<OracleWay>();
let loaded: OracleDriver | undefined;

/** Loads the driver with its first use: its 4 MB are nothing for who has no Oracle. */
export function oracleDriver(): OracleDriver {
  if (loaded) return loaded;
  const require = createRequire(import.meta.url);
  const driver = require('oracledb') as OracleDriver;
  const transport = require('oracledb/lib/thin/sqlnet/ntTcp.js') as TransportClass;
  transport.prototype.connect = connect;
  transport.prototype.renegTLS = secureAgain;
  const reading = require('oracledb/lib/impl/datahandlers/buffer.js') as { BaseBuffer: { prototype: { parseOracleDate(bytes: Buffer): unknown } } };
  reading.BaseBuffer.prototype.parseOracleDate = timeTextOf;
  loaded = driver;
  return driver;
}

/** Signs in on the way that is given. @throws what the driver says, NotAllowed also for where a listener redirects to */
export function signIn(way: OracleWay, settings: Record<string, unknown>): Promise<OracleConnection> {
  const driver = oracleDriver();
  return ways.run(way, () => driver.getConnection(settings));
}

async function connect(this: Transport, address: TransportAddress): Promise<void> {
  const way = wayOf();
  Object.assign(this, { host: address.host, hostName: address.hostname, port: address.port });
  const { settings } = way;
  const isOwn = address.host === way.address && Number(address.port) === settings.port;
  const place = isOwn ? placeToReach(settings) : { host: address.hostname || address.host, port: Number(address.port), class: 'host' as const };
  const socket = await connectAllowed(place, { signal: way.signal, timeoutMs: settings.timeoutSeconds * 1000 });
  way.socket = socket;
  way.signal.addEventListener('abort', () => socket.destroy(), { once: true });
  this.connected = true;
  this.stream = socket;
  // A listener may not lead from an encrypted connection to one in clear.
  if (settings.tls !== 'off') await secure(this, socket, settings);
  this.setupEventHandlers();
}

/** The server wants the handshake once more before the session (it answers RESEND). */
async function secureAgain(this: Transport): Promise<void> {
  await secure(this, this.connStream, wayOf().settings);
  this.setupEventHandlers();
}

async function secure(transport: Transport, socket: Socket, settings: DatabaseServer): Promise<void> {
  transport.secure = true;
  transport.stream?.removeAllListeners();
  transport.connStream = socket;
  transport.stream = await securedSocket(socket, { ...tlsOptions(settings) });
}

function wayOf(): OracleWay {
  const way = ways.getStore();
  if (way) return way;
  throw new TypeError('oracledb connects outside of signIn');
}
