/** Where to go after sign-in: an address of this site or the home page. Anything else could lead to a stranger's page. */
export function safeNext(next: string | undefined): string {
  if (next === undefined || !next.startsWith('/') || next.startsWith('//') || next.includes('\\')) return '/';
  const resolved = new URL(next, 'https://own.invalid');
  // `/.//evil.example` is a path of ours that would be another host's address once it stands alone.
  const isOwn = resolved.origin === 'https://own.invalid' && !resolved.pathname.startsWith('//');
  return isOwn ? resolved.pathname + resolved.search + resolved.hash : '/';
}
