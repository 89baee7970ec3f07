/** A user agent as people call it: `Firefox on Linux`. */
export function agentName(agent: string | null): string {
  if (!agent) return 'Unknown';
  const browser = [
    ['Edg/', 'Edge'],
    ['OPR/', 'Opera'],
    ['Firefox/', 'Firefox'],
    ['Chrome/', 'Chrome'],
    ['Safari/', 'Safari'],
  ].find(([mark]) => agent.includes(mark ?? ''))?.[1];
  const system = [
    ['Windows', 'Windows'],
    ['iPhone', 'iPhone'],
    ['iPad', 'iPad'],
    ['Android', 'Android'],
    ['Mac OS', 'macOS'],
    ['Linux', 'Linux'],
  ].find(([mark]) => agent.includes(mark ?? ''))?.[1];
  if (!browser) return agent.split(/[\s/(]/)[0] || 'Unknown';
  return system ? `${browser} on ${system}` : browser;
}
