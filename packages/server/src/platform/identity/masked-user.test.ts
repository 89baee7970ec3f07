import { expect, it } from 'vitest';
import { maskText } from '../../base/masked-view.ts';
import { limitedActor } from '../../testing/limited-actor.ts';
import { maskedUsers } from './masked-user.ts';

const at = '2026-11-20T12:00:00.000Z';
const user = (id: string, email: string, name: string) => ({
  id,
  email,
  name,
  role: 'viewer',
  secondFactor: false,
  createdAt: at,
  lastSeenAt: at,
  suspendedAt: null,
});
const eve = (as: 'masked' | 'hidden') =>
  limitedActor('w', {
    rules: [{ permissions: ['user.read'] }],
    masks: [
      { type: 'user', field: 'email', as },
      { type: 'user', field: 'lastSeenAt', as },
    ],
  });

it('addresses and times of others are kept, and the order tells nothing of them', () => {
  const actor = eve('masked');
  const users = [user('1', 'aaa@example.com', 'Zoe'), user('2', 'bbb@example.com', 'Ann'), user(actor.userId ?? '', 'eve@example.com', 'Eve')];
  expect(maskedUsers(actor, users).map(({ name, email, lastSeenAt }) => [name, email, lastSeenAt])).toEqual([
    ['Ann', maskText, null],
    ['Eve', 'eve@example.com', at],
    ['Zoe', maskText, null],
  ]);
  expect(maskedUsers(eve('hidden'), users.slice(0, 1))).toMatchObject([{ email: '', lastSeenAt: null }]);
  expect(maskedUsers(limitedActor('w', { rules: [{ permissions: ['user.read'] }] }), users)).toEqual(users);
});
