// The one client of this tab. The session cookie travels by itself: the page and the API share an origin.
import { createClient } from '@tidewheel/client/client';
import { unattendedHeader } from '@tidewheel/contract/unattended';
import { isAttended } from './attendance.ts';
import { workspace } from './workspace-address.ts';

// What the page asks by itself while nobody is at it must not keep the session from ending.
const fetchAttended: typeof fetch = (input, init) => {
  if (isAttended()) return fetch(input, init);
  const headers = new Headers(init?.headers);
  headers.set(unattendedHeader, 'yes');
  return fetch(input, { ...init, headers });
};

export const api = createClient({ origin: window.location.origin, workspace, fetch: fetchAttended });
