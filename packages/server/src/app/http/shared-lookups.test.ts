import { setTimeout as sleep } from 'node:timers/promises';
import { NotAllowed } from '@tidewheel/contract/errors';
import { expect, it } from 'vitest';
import type { Call } from '../../base/endpoint.ts';
import { shareLookups } from './shared-lookups.ts';
import { someone } from './testing/listening.ts';

const callOf = (authorization: string, more: Partial<Call> = {}) => ({ headers: { authorization }, address: '10.0.0.1', ...more }) as Call;

it('requests that come together share a look that begins after they came', async () => {
  let valid = true;
  let looks = 0;
  const look = shareLookups(async () => {
    looks++;
    const seen = valid;
    await sleep(10);
    return seen ? { ...someone, lent: new Map() } : null;
  });
  const first = look(callOf('a'));
  await sleep(2);
  // Revoked while the first look is on its way: whoever comes now must not get its answer.
  valid = false;
  const later = await Promise.all(Array.from({ length: 20 }, () => look(callOf('a'))));
  expect(await first).not.toBeNull();
  expect(later.every((actor) => actor === null)).toBe(true);
  expect(looks).toBe(2);
});

it('callers with other credentials, workspaces or addresses share nothing, nor do actors their notes', async () => {
  let looks = 0;
  const look = shareLookups(async () => {
    looks++;
    await sleep(5);
    return { ...someone, lent: new Map() };
  });
  await Promise.all([look(callOf('a')), look(callOf('b')), look(callOf('a', { address: '10.0.0.2' })), look(callOf('a', { workspace: 'other' }))]);
  expect(looks).toBe(4);
  const blocker = look(callOf('a'));
  const [one, two] = await Promise.all([look(callOf('a')), look(callOf('a')), blocker]);
  expect(looks).toBe(6);
  expect(one?.lent).not.toBe(two?.lent);
});

it('a look that fails fails for those that share it, and for nobody after', async () => {
  let failing = true;
  const look = shareLookups(async () => {
    await sleep(2);
    if (failing) throw new NotAllowed('x', 'no');
    return someone;
  });
  expect(await Promise.allSettled([look(callOf('a')), look(callOf('a'))])).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  failing = false;
  expect(await look(callOf('a'))).toMatchObject({ label: someone.label });
});
