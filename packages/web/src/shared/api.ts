// The one client of this tab. The session cookie travels by itself: the page and the API share an origin.
import { createClient } from '@tidewheel/client/client';
import { workspace } from './workspace-address.ts';

export const api = createClient({ origin: window.location.origin, workspace });
