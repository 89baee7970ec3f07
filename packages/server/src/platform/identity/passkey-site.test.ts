import { expect, test } from 'vitest';
import { relyingParty } from './passkey-site.ts';

test.each([
  ['http://127.0.0.1:8080', 'localhost', 'http://localhost:8080'],
  ['http://[::1]:8080', 'localhost', 'http://localhost:8080'],
  ['http://localhost:8080', 'localhost', 'http://localhost:8080'],
  ['https://tidewheel.example.org', 'tidewheel.example.org', 'https://tidewheel.example.org'],
  ['https://example.org:8443/path', 'example.org', 'https://example.org:8443'],
])('of a server at %s the domain is %s', (origin, id, site) => expect(relyingParty(origin)).toEqual({ id, origin: site }));

test.each(['http://192.168.1.7:8080', 'https://192.168.1.7', 'https://[2001:db8::1]', 'http://tidewheel.example.org', 'https://1.2.3.4:8443'])(
  'at %s no passkey can work',
  (origin) => expect(relyingParty(origin)).toBeNull(),
);
