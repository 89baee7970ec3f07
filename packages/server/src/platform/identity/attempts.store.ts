// Guessing passwords is limited per account and per address, in Postgres so that every API process and every restart counts alike.
import { createHash } from 'node:crypto';
import { TooMany } from '@tidewheel/contract/errors';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../../storage/schema.ts';
import { networkOf } from './network.ts';

interface Limit {
  /** Failures before the first wait. */
  free: number;
  firstWaitSeconds: number;
  longestWaitSeconds: number;
  /** Quiet time for which one failure is forgiven. */
  forgivenEverySeconds: number;
}
// An account waits at most a quarter of an hour, so that a stranger cannot keep its owner out for long.
const limits = {
  account: { free: 5, firstWaitSeconds: 10, longestWaitSeconds: 900, forgivenEverySeconds: 3_600 },
  // An office shares one address: its slips of the keyboard must not add up over a day.
  address: { free: 30, firstWaitSeconds: 10, longestWaitSeconds: 900, forgivenEverySeconds: 20 },
  // Mails that strangers may ask for: nobody's mailbox is flooded, whether or not it has an account.
  mailbox: { free: 3, firstWaitSeconds: 60, longestWaitSeconds: 3_600, forgivenEverySeconds: 3_600 },
  sender: { free: 10, firstWaitSeconds: 60, longestWaitSeconds: 3_600, forgivenEverySeconds: 360 },
  // Codes for who gave the right password: more often than a link, yet no flood.
  code: { free: 10, firstWaitSeconds: 60, longestWaitSeconds: 3_600, forgivenEverySeconds: 300 },
} satisfies Record<string, Limit>;

type Kind = keyof typeof limits;

const tooMany: Record<Kind, string> = {
  account: 'failed sign-ins for this account',
  address: 'failed sign-ins from this address',
  mailbox: 'mails for this address',
  sender: 'mails asked for from here',
  code: 'codes mailed to this address',
};

export interface Attempts {
  /** Counts an attempt before it is judged, so that attempts at the same instant cannot slip past one another. @throws TooMany */
  begin(attempt: { email: string; address: string }): Promise<void>;
  /** The password was right: the account's failures are forgotten and this attempt does not count against the address. */
  succeed(attempt: { email: string; address: string }): Promise<void>;
  /** This attempt was none: neither right nor wrong. What was counted before stays. */
  uncount(attempt: { email: string; address: string }): Promise<void>;
  /** Counts a mail that somebody who is not signed in asks for. @throws TooMany */
  askMail(request: { email: string; address: string }): Promise<void>;
  /** Counts a code mailed to somebody who gave the password. @throws TooMany */
  askCode(email: string): Promise<void>;
}

export function createAttempts(db: Kysely<Database>): Attempts {
  return {
    async begin({ email, address }) {
      await count(db, 'address', networkOf(address));
      await count(db, 'account', email.toLowerCase());
    },
    async succeed({ email, address }) {
      await db.deleteFrom('identity.sign_in_attempt').where('key', '=', keyOf('account', email.toLowerCase())).execute();
      await sql`update identity.sign_in_attempt set failures = greatest(0, failures - 1), blocked_until = null where key = ${keyOf('address', networkOf(address))}`.execute(
        db,
      );
    },
    async uncount({ email, address }) {
      const keys = [keyOf('account', email.toLowerCase()), keyOf('address', networkOf(address))];
      await sql`update identity.sign_in_attempt set failures = greatest(0, failures - 1), blocked_until = null where key = any(${keys})`.execute(db);
    },
    async askMail({ email, address }) {
      await count(db, 'sender', networkOf(address));
      await count(db, 'mailbox', email.toLowerCase());
    },
    askCode: (email) => count(db, 'code', email.toLowerCase()),
  };
}

function keyOf(kind: Kind, value: string): string {
  return `${kind}:${createHash('sha256').update(value).digest('hex')}`;
}

async function count(db: Kysely<Database>, kind: Kind, value: string): Promise<void> {
  const { free, firstWaitSeconds, longestWaitSeconds, forgivenEverySeconds } = limits[kind];
  const key = keyOf(kind, value);
  // Of two at once the one that began earlier may come second: time must not count backwards then.
  const quiet = sql`greatest(0, extract(epoch from now() - a.touched_at))`;
  const failures = sql`greatest(0, a.failures - floor(${quiet} / ${forgivenEverySeconds}))::int + 1`;
  const counted = await sql`
    insert into identity.sign_in_attempt as a (key, failures) values (${key}, 1)
    on conflict (key) do update set
      failures = ${failures},
      blocked_until = case when ${failures} >= ${free} then now() + make_interval(secs => least(${longestWaitSeconds}, ${firstWaitSeconds} * power(2, least(20, ${failures} - ${free})))) end,
      touched_at = now()
    where a.blocked_until is null or a.blocked_until <= now()
    returning 1`.execute(db);
  if (counted.rows.length > 0) return;
  const { rows } = await sql<{
    seconds: number;
  }>`select greatest(1, ceil(extract(epoch from blocked_until - now())))::int as seconds from identity.sign_in_attempt where key = ${key}`.execute(db);
  const seconds = rows[0]?.seconds ?? 1;
  throw new TooMany('auth.too_many_attempts', `Too many ${tooMany[kind]}. Try again in ${seconds} s.`, {
    hint: 'Wait, then try once more; every further one doubles the wait.',
    details: { retryAfterSeconds: seconds },
  });
}
