// Whether a named credential may go where a connection would send it. Pure: asked when a connection is saved or tried and at each opening.

export interface UseLimits {
  slug: string;
  hosts: string[];
  connections: string[];
}

export interface Destination {
  connection: string | null;
  host: string | null;
  port: number | null;
}

/** Where a connection's settings lead: `host` and `port`, or the address in `url` or `endpoint`. */
export function destinationOf(connection: string | null, config: Record<string, unknown>): Destination {
  const address = config['url'] ?? config['endpoint'];
  if (typeof config['host'] !== 'string' && typeof address === 'string' && URL.canParse(address)) {
    const url = new URL(address);
    return { connection, host: plainHost(url.hostname), port: url.port === '' ? (defaultPorts[url.protocol] ?? null) : Number(url.port) };
  }
  const { host, port } = config;
  return { connection, host: typeof host === 'string' ? plainHost(host) : null, port: typeof port === 'number' ? port : null };
}

const defaultPorts: Record<string, number> = { 'https:': 443, 'http:': 80 };

function plainHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

/** Why not; undefined when it may. An empty list of hosts says nothing here: then only who may edit credentials joins it. */
export function refusalOf({ slug, hosts, connections }: UseLimits, to: Destination): string | undefined {
  if (connections.length > 0 && (to.connection === null || !connections.includes(to.connection)))
    return `the credential "${slug}" may be used by ${connections.join(', ')} only`;
  if (hosts.length > 0 && !hosts.some((pattern) => isWithin(pattern, to))) return `the credential "${slug}" may be sent to ${hosts.join(', ')} only`;
  return undefined;
}

function isWithin(pattern: string, { host, port }: Destination): boolean {
  if (host === null) return false;
  const [, name = '', asked] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(pattern.toLowerCase()) ?? [];
  if (asked !== undefined && Number(asked) !== port) return false;
  const wanted = plainHost(name);
  return wanted.startsWith('*.') ? host.endsWith(wanted.slice(1)) && host.length > wanted.length - 1 : host === wanted;
}
