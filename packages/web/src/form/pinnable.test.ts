import { expect, test } from 'vitest';
import { pinnable } from './pinnable.ts';

test('only what the connector has a setting for, and what differs, can be pinned', () => {
  const schema = { properties: { hostKey: {}, host: {} } };
  expect(pinnable({ schema, config: { host: 'h' }, discovered: { hostKey: 'SHA256:x', hostKeyAlgorithm: 'ed25519', host: 'h' } })).toEqual({
    hostKey: 'SHA256:x',
  });
  expect(pinnable({ schema, config: { hostKey: 'SHA256:x' }, discovered: { hostKey: 'SHA256:x' } })).toEqual({});
});
