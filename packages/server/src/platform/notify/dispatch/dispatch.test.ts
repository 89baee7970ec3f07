// The pure parts of who is told when: rules, preferences by the clock on the wall, folding.
import { NotificationPreferences, RuleMatch } from '@tidewheel/contract/notify';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { standardPreferences } from '../built-in.ts';
import { type EventFacts, escalated } from './facts.ts';
import { type Intent, placeOf, type Shelf, shelve } from './fold.ts';
import { digestAt, quietUntil } from './local-time.ts';
import { matches, patternFault } from './match.ts';
import { type Telling, wishOf } from './wanted.ts';

const failed: EventFacts = {
  workspaceId: 'w',
  id: 'e',
  kind: 'run.failed',
  severity: 'error',
  title: 'Run 1 of Prices failed',
  text: 'host timed out',
  object: { type: 'run', id: 'r' },
  data: {},
  raisedBy: 'engine',
  at: new Date('2026-11-20T12:00:00Z'),
  flow: { id: 'f', slug: 'prices-daily', title: 'Prices', folder: 'finance/eod', kind: 'pipeline', owner: 'Ada@example.org' },
  run: {
    id: 'r',
    number: 1,
    state: 'failed',
    startedBy: 'bob@example.org',
    startedById: null,
    isInHisName: false,
    startedAt: null,
    finishedAt: null,
    seconds: 90,
    error: { code: 'egress.failed', message: 'host timed out' },
    failedStep: 's',
  },
  onlyFor: null,
  failuresInARow: 1,
  usualSeconds: 40,
};
const raised: EventFacts = { ...failed, kind: 'feed.late', severity: 'warning', flow: null, run: null, text: 'XETR is late' };

describe('a rule speaks of', () => {
  it.each([
    [{}, true, true],
    [{ kinds: ['run.*'] }, true, false],
    [{ kinds: ['run'] }, false, false],
    [{ flows: ['prices-*'] }, true, false],
    [{ flows: ['prices'] }, false, false],
    [{ folders: ['finance'] }, true, false],
    [{ folders: ['fin'] }, false, false],
    [{ flowKinds: ['job'] }, false, false],
    [{ owners: ['ada@example.org'] }, true, false],
    [{ startedBy: ['bob*'] }, true, false],
    [{ minSeverity: 'error' }, true, false],
    [{ durationOverSeconds: 89 }, true, false],
    [{ durationOverSeconds: 90 }, false, false],
    [{ durationTimesUsual: 2 }, true, false],
    [{ durationTimesUsual: 3 }, false, false],
    [{ errorPattern: 'timed? out' }, true, false],
    [{ errorPattern: 'late$' }, false, true],
    [{ errorPattern: '(' }, false, false],
    [{ errorCodes: ['egress.*'] }, true, false],
  ])('%j', (match, ofRun, ofOther) => {
    const parsed = RuleMatch.parse(match);
    expect([matches(parsed, failed), matches(parsed, raised)]).toEqual([ofRun, ofOther]);
  });
  it('takes RE2 alone, and names what is none', () => {
    expect(patternFault('(?=x)')).not.toBeNull();
    expect(patternFault('a+b')).toBeNull();
    const message = 'a'.repeat(4_000);
    expect(matches(RuleMatch.parse({ errorPattern: '(a+)+$b' }), { ...failed, run: failed.run && { ...failed.run, error: { code: 'x', message } } })).toBe(
      false,
    );
  });
  it('failures in a row are critical', () => {
    expect([2, 3, 4].map((failuresInARow) => escalated({ ...failed, failuresInARow }).severity)).toEqual(['error', 'critical', 'critical']);
  });
});

const prefs = (given: Partial<NotificationPreferences>) => NotificationPreferences.parse({ timeZone: 'Europe/Paris', ...given });
const telling: Telling = { kind: 'run.failed', severity: 'error', flow: 'prices', channel: 'email', via: 'mail', asWatcher: false, evenMuted: false };
const wish = (chosen: NotificationPreferences | null, over: Partial<Telling> = {}, at = '2026-11-20T12:00:00Z', isBuiltIn = true) =>
  wishOf({ chosen, standard: standardPreferences, isBuiltIn }, { ...telling, ...over }, new Date(at));

describe('preferences', () => {
  it('are failures alone until one says otherwise; a rule that names somebody tells him all', () => {
    expect(wish(null)).toMatchObject({ reason: null });
    expect(wish(null, { kind: 'run.succeeded' })).toMatchObject({ silently: true });
    expect(wish(null, { kind: 'run.succeeded' }, undefined, false)).toMatchObject({ reason: null });
    expect(wish(prefs({}), { kind: 'run.succeeded' }, undefined, false)).toMatchObject({ leftOut: 'muted by preference: only failures', silently: false });
    expect(wish(prefs({ outcomes: 'success' }))).toMatchObject({ leftOut: 'muted by preference: only successes' });
    expect(wish(null, { kind: 'run.succeeded', asWatcher: true })).toMatchObject({ reason: null });
    expect(wish(null, { kind: 'feed.late' })).toMatchObject({ reason: null });
  });
  it('mute everything, a channel, a flow; critical work reaches who muted the flow', () => {
    expect(wish(prefs({ enabled: false }))).toMatchObject({ leftOut: 'muted by preference: everything' });
    expect(wish(prefs({ mutedChannels: ['email'] }))).toMatchObject({ leftOut: 'muted by preference: the channel email' });
    expect(wish(prefs({ mute: ['prices'] }))).toMatchObject({ leftOut: 'muted by preference: the flow prices' });
    expect(wish(prefs({ mute: ['prices'] }), { evenMuted: true })).toMatchObject({ reason: null });
  });
  it('put off in quiet hours, over midnight, and never what is critical or only kept in the pages', () => {
    const quiet = prefs({ quietHours: { from: '22:00', to: '07:00' } });
    expect(wish(quiet, {}, '2026-11-20T21:30:00Z')).toEqual({ at: new Date('2026-11-21T06:00:00Z'), isDigest: false, reason: 'put off by quiet hours' });
    expect(wish(quiet, {}, '2026-11-21T05:59:59Z')).toMatchObject({ at: new Date('2026-11-21T06:00:00Z') });
    expect(wish(quiet, {}, '2026-11-21T06:00:00Z')).toMatchObject({ at: new Date('2026-11-21T06:00:00Z'), reason: null });
    expect(wish(quiet, { severity: 'critical' }, '2026-11-20T23:00:00Z')).toMatchObject({ reason: null });
    expect(wish(prefs({ quietHours: { from: '22:00', to: '07:00' }, criticalAtOnce: false }), { severity: 'critical' }, '2026-11-20T23:00:00Z')).toMatchObject({
      reason: 'put off by quiet hours',
    });
    expect(wish(quiet, { via: 'inbox' }, '2026-11-20T23:00:00Z')).toMatchObject({ reason: null });
  });
  it('digests come at their time, after quiet hours', () => {
    expect(wish(prefs({ digest: 'hourly' }))).toEqual({ at: new Date('2026-11-20T13:00:00Z'), isDigest: true, reason: 'part of the hourly digest' });
    expect(wish(prefs({ digest: 'daily' }))).toMatchObject({ at: new Date('2026-11-21T07:00:00Z') });
    expect(wish(prefs({ digest: 'hourly', quietHours: { from: '13:00', to: '15:00' } }))).toMatchObject({ at: new Date('2026-11-20T14:00:00Z') });
  });
});

describe('the clock on the wall', () => {
  it.each([
    ['the gap: 02:30 does not exist and comes at 03:30', { from: '22:00', to: '02:30' }, '2026-03-29T00:30:00Z', '2026-03-29T01:30:00.000Z'],
    ['the overlap: the first 02:30 counts', { from: '22:00', to: '02:30' }, '2026-10-25T00:10:00Z', '2026-10-25T00:30:00.000Z'],
  ])('%s', (_, quietHours, now, until) => {
    expect(quietUntil({ quietHours, timeZone: 'Europe/Paris' }, new Date(now))?.toISOString()).toBe(until);
  });
  const times = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
  const zones = fc.constantFrom('UTC', 'Europe/Paris', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia');
  const instants = fc.date({ min: new Date('2026-01-01T00:00:00Z'), max: new Date('2027-12-31T00:00:00Z'), noInvalidDate: true });
  it('quiet hours end later than now, within a day and a bit, and are over then', () => {
    fc.assert(
      fc.property(times, times, zones, instants, (from, to, timeZone, now) => {
        const until = quietUntil({ quietHours: { from, to }, timeZone }, now);
        if (until === null) return;
        expect(until > now && until.getTime() - now.getTime() <= 25.5 * 3_600_000).toBe(true);
        const local = Temporal.Instant.fromEpochMilliseconds(until.getTime()).toZonedDateTimeISO(timeZone).toPlainTime().toString().slice(0, 5);
        expect(local >= to || local < from).toBe(true);
      }),
    );
  });
  it('a digest is due later than now and within a day and a bit', () => {
    fc.assert(
      fc.property(times, zones, instants, fc.constantFrom('hourly', 'daily') as fc.Arbitrary<'hourly' | 'daily'>, (time, timeZone, now, digest) => {
        const due = digestAt({ digest, digestAt: time, timeZone }, now) as Date;
        expect(due > now && due.getTime() - now.getTime() <= 25.5 * 3_600_000).toBe(true);
      }),
    );
  });
});

describe('folding', () => {
  const now = new Date('2026-11-20T12:00:00Z');
  const intent = (over: Partial<Intent> = {}): Intent => ({ due: now, alike: 'a', groupMinutes: 10, perHour: 5, isDigest: false, isInbox: false, ...over });
  const empty = (): Shelf => ({ leaders: new Map(), sentInHour: 0 });
  const put = (shelf: Shelf, one: Intent, at = now, id = String(Math.random())) => {
    const place = placeOf(shelf, one, at);
    if (!('into' in place)) shelve(shelf, { id, place, isInbox: one.isInbox });
    return place;
  };

  it('ten thousand alike become one; after it went, one more at the end of the window', () => {
    const shelf = empty();
    const places = Array.from({ length: 10_000 }, () => put(shelf, intent()));
    expect(places.filter((place) => !('into' in place))).toHaveLength(1);
    const leader = [...shelf.leaders.values()][0];
    if (leader) leader.isOpen = false;
    expect(put(shelf, intent(), new Date(now.getTime() + 60_000))).toMatchObject({ due: new Date('2026-11-20T12:10:00Z') });
    expect(put(shelf, intent(), new Date(now.getTime() + 120_000))).toHaveProperty('into');
  });
  it('what is over the rate becomes one message, however unlike it is', () => {
    const shelf = empty();
    const places = Array.from({ length: 1_000 }, (_, index) => put(shelf, intent({ alike: `flow ${index}` })));
    expect(places.filter((place) => !('into' in place))).toHaveLength(6);
    expect(shelf.leaders.get('over the rate')).toBeDefined();
  });
  it('none are folded where the rule says so', () => {
    const shelf = empty();
    expect([put(shelf, intent({ groupMinutes: 0 })), put(shelf, intent({ groupMinutes: 0 }))].filter((place) => 'into' in place)).toEqual([]);
  });
  it('a digest takes everything until it is due', () => {
    const shelf = empty();
    const due = new Date('2026-11-20T13:00:00Z');
    put(shelf, intent({ isDigest: true, due }));
    expect(put(shelf, intent({ isDigest: true, due, alike: 'b' }))).toHaveProperty('into');
  });
  it('however they come, each has a place and there are few messages', () => {
    const arrival = fc.record({ alike: fc.constantFrom('a', 'b', 'c', 'd'), minutes: fc.integer({ min: 0, max: 59 }), sends: fc.boolean() });
    fc.assert(
      fc.property(fc.array(arrival, { maxLength: 200 }), (arrivals) => {
        const shelf = empty();
        let own = 0;
        for (const { alike, minutes, sends } of arrivals.toSorted((one, other) => one.minutes - other.minutes)) {
          const at = new Date(now.getTime() + minutes * 60_000);
          if (!('into' in put(shelf, intent({ alike, due: at }), at))) own += 1;
          const isDue = ({ alike: of, alikeUntil }: { alike: string; alikeUntil: Date }) =>
            alikeUntil.getTime() - (of.startsWith('over') ? 60 : 10) * 60_000 <= at.getTime();
          if (sends) for (const leader of [...shelf.leaders.values()].filter(isDue)) leader.isOpen = false;
        }
        expect(own).toBeLessThanOrEqual(6);
      }),
    );
  });
});
