// The one file that knows better-auth: accounts with passwords and the making of sessions. Nothing of it leaves this folder.
//
// Its holes that lie on this path are closed here: it never sees a request (so no X-Forwarded-For: we hand it the socket's address), and
// the session token it makes is replaced by ours and stored as a hash (so what the database holds signs nobody in, as cookie or bearer).
import { AsyncLocalStorage } from 'node:async_hooks';
import { Bug } from '@tidewheel/contract/errors';
import { newId, newToken } from '../../base/ids.ts';
import type { Logger } from '../../base/logger.ts';
import type { IdentityDb, IdentityTransaction } from './identity.store.ts';
import { rememberHash } from './passwords.store.ts';
import { hashToken, sessionDays } from './tokens.ts';

export interface Visitor {
  address: string;
  agent: string | undefined;
}
export interface NewAccount {
  email: string;
  name: string;
  password: string;
}
export interface ConfirmedAccount extends NewAccount {
  /** A link that was mailed to the address was used. */
  emailVerified: boolean;
}

export interface Accounts {
  /** A new session's token for the right password; null otherwise, after the same work. */
  signIn(credentials: { email: string; password: string }, visitor: Visitor): Promise<string | null>;
  /** Makes a user with a password and a first session, all inside the transaction. */
  create(trx: IdentityTransaction, account: ConfirmedAccount, visitor: Visitor): Promise<{ userId: string; token: string }>;
  hash(password: string): Promise<string>;
  isPassword(hash: string, password: string): Promise<boolean>;
}

interface Scope {
  db: IdentityDb | undefined;
  visitor: Visitor;
  token: string | undefined;
}

const scope = new AsyncLocalStorage<Scope>();
const addressHeader = 'x-tidewheel-address';

/** better-auth takes 0.4 s to load: it is loaded at the first sign-in, not at the start of the server. */
export function createAccounts({ db, log }: { db: IdentityDb; log: Logger }): Accounts {
  let loading: ReturnType<typeof open> | undefined;
  const auth = () => {
    loading ??= open(db, log);
    return loading;
  };
  return {
    async signIn(credentials, visitor) {
      const { api } = await auth();
      const own: Scope = { db: undefined, visitor, token: undefined };
      try {
        await scope.run(own, () => api.signInEmail({ body: credentials, headers: headersOf(visitor) }));
      } catch (error) {
        if ((error as { status?: unknown }).status === 'UNAUTHORIZED') return null;
        throw error;
      }
      return issued(own);
    },
    async create(trx, { email, name, password, emailVerified }, visitor) {
      const { internalAdapter, password: passwords } = await (await auth()).$context;
      const hash = await passwords.hash(password);
      const own: Scope = { db: trx.withSchema('identity') as IdentityDb, visitor, token: undefined };
      return scope.run(own, async () => {
        const user = await internalAdapter.createUser({ email, name, emailVerified }, { method: 'email-password' } as never);
        await internalAdapter.linkAccount({ userId: user.id, providerId: 'credential', accountId: user.id, password: hash });
        await rememberHash(trx, { userId: user.id, hash });
        await internalAdapter.createSession(user.id);
        return { userId: user.id, token: issued(own) };
      });
    },
    hash: async (password) => (await (await auth()).$context).password.hash(password),
    isPassword: async (hash, password) => (await (await auth()).$context).password.verify({ hash, password }),
  };
}

function issued(own: Scope): string {
  if (own.token === undefined) throw new Bug('identity.session', 'better-auth made no session.');
  return own.token;
}

function headersOf(visitor: Visitor): Headers {
  return new Headers({ [addressHeader]: visitor.address, ...(visitor.agent === undefined ? {} : { 'user-agent': visitor.agent.slice(0, 300) }) });
}

async function open(db: IdentityDb, log: Logger) {
  const { betterAuth } = await import('better-auth');
  return betterAuth({
    // Used for its own cookies and tokens, none of which leave this folder.
    secret: newToken(),
    baseURL: 'http://localhost',
    database: { db: inTransactionOf(db.withSchema('identity')) as never, type: 'postgres', transaction: false },
    advanced: { database: { generateId: () => newId() }, ipAddress: { ipAddressHeaders: [addressHeader] } },
    telemetry: { enabled: false },
    logger: { log: (level, message) => log.debug({ level }, `better-auth: ${message}`) },
    rateLimit: { enabled: false },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 128 },
    user: { fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' } },
    account: {
      fields: {
        userId: 'user_id',
        providerId: 'provider_id',
        accountId: 'account_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    session: {
      expiresIn: sessionDays * 86_400,
      fields: {
        userId: 'user_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
    },
    verification: { fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' } },
    databaseHooks: { session: { create: { before: async (session) => ({ data: { ...session, ...ownSession() } }) } } },
  });
}

function ownSession(): { token: string; ipAddress: string; userAgent: string | null } {
  const own = scope.getStore();
  if (!own) throw new Bug('identity.session', 'A session was made outside of signing in.');
  own.token = newToken();
  return { token: hashToken(own.token), ipAddress: own.visitor.address, userAgent: own.visitor.agent?.slice(0, 300) ?? null };
}

/** better-auth asks this for every statement: inside `create` they all run in the caller's transaction. */
function inTransactionOf(db: IdentityDb): IdentityDb {
  return new Proxy(db, {
    get(outside, key) {
      const current = scope.getStore()?.db ?? outside;
      const value: unknown = Reflect.get(current, key, current);
      return typeof value === 'function' ? value.bind(current) : value;
    },
  });
}
