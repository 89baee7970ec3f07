// The workspace of this tab is the head of its address: `/w/treasury/runs`. Without it the server takes the one that was used last.
// The router sees addresses without the head; going to another workspace loads the page anew, so nothing of one is left in the other.
import { createBrowserHistory, type HistoryLocation } from '@tanstack/react-router';

/** The slug that the address names. */
export const workspace = /^\/w\/([a-z0-9-]{1,64})(?=\/|$)/.exec(window.location.pathname)?.[1];
const head = workspace === undefined ? '' : `/w/${workspace}`;

/** `path` begins with a slash. */
export function addressIn(slug: string, path: string): string {
  return `/w/${slug}${path}`;
}

export const history = createBrowserHistory({ createHref: (path) => head + path, parseLocation: locationWithoutHead });

function locationWithoutHead(): HistoryLocation {
  const { pathname, search, hash } = window.location;
  const path = pathname.slice(head.length) || '/';
  return { href: path + search + hash, pathname: path, search, hash, state: window.history.state as HistoryLocation['state'] };
}
