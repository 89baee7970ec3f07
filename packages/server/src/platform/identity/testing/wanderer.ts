// A browser that walks from our site to a provider and back, with cookies for each origin.
const hops = 12;

export interface Stop {
  url: URL;
  status: number;
}

export class Wanderer {
  readonly #origin: string;
  readonly #jars = new Map<string, Map<string, string>>();

  constructor(origin: string) {
    this.#origin = origin;
  }

  cookie(name: string): string | undefined {
    return this.#jars.get(this.#origin)?.get(name);
  }

  async call<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
    const answer = await this.#fetch(new URL(path, this.#origin), { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    return { status: answer.status, body: (await answer.json()) as T };
  }

  /** Where the provider is asked. */
  async begin(slug: string, next?: string): Promise<URL> {
    const { status, body } = await this.call<{ location: string }>('POST', `/api/auth/sso/${slug}/begin`, next === undefined ? {} : { next });
    if (status !== 200) throw new Error(`begin answered ${status}: ${JSON.stringify(body)}`);
    return new URL(body.location);
  }

  /** Follows redirects until `until` says so or there are none. */
  async walk(from: URL, until: (url: URL) => boolean = () => false): Promise<Stop> {
    let url = from;
    for (let hop = 0; hop < hops; hop += 1) {
      if (until(url)) return { url, status: 0 };
      const answer = await this.#fetch(url, { method: 'GET' });
      const location = answer.headers.get('location');
      await answer.arrayBuffer();
      if (location === null) return { url, status: answer.status };
      url = new URL(location, url);
      if (url.origin === this.#origin && !url.pathname.startsWith('/api/')) return { url, status: 200 };
    }
    throw new Error(`Too many redirects, at ${url.href}`);
  }

  /** The whole way; answers with the page of ours where it ends. */
  async signIn(slug: string, next?: string): Promise<URL> {
    return (await this.walk(await this.begin(slug, next))).url;
  }

  async #fetch(url: URL, init: RequestInit): Promise<Response> {
    const jar = this.#jars.get(url.origin) ?? new Map<string, string>();
    this.#jars.set(url.origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = new Headers(cookie === '' ? {} : { cookie });
    if (url.origin === this.#origin) headers.set('sec-fetch-site', 'same-origin');
    if (init.body !== undefined) headers.set('content-type', 'application/json');
    const answer = await fetch(url, { ...init, redirect: 'manual', headers });
    for (const set of answer.headers.getSetCookie()) {
      const [pair = '', ...parts] = set.split(';');
      const at = pair.indexOf('=');
      const isGone = parts.some((part) => /max-age=0|expires=thu, 01 jan 1970/i.test(part));
      if (isGone) jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return answer;
  }
}
