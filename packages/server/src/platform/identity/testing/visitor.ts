// A browser as far as identity cares: keeps its cookies and says where its requests come from.
export interface Answer<T = Record<string, unknown>> {
  status: number;
  body: T;
  headers: Headers;
}

const session = 'tidewheel';

export class Visitor {
  readonly jar = new Map<string, string>();
  readonly #origin: string;

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** That of the session, `name=value`. */
  get cookie(): string | undefined {
    const value = this.jar.get(session);
    return value === undefined ? undefined : `${session}=${value}`;
  }
  set cookie(pair: string | undefined) {
    if (pair === undefined) this.jar.delete(session);
    else this.#keep(pair);
  }

  async call<T = Record<string, unknown>>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> {
    const answer = await fetch(this.#origin + path, {
      method,
      headers: {
        'sec-fetch-site': 'same-origin',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(this.jar.size === 0 ? {} : { cookie: [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ') }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const line of answer.headers.getSetCookie()) this.#keep(line);
    return { status: answer.status, body: (await answer.json()) as T, headers: answer.headers };
  }

  #keep(line: string): void {
    const [pair = ''] = line.split(';');
    const at = pair.indexOf('=');
    if (line.includes('Max-Age=0')) this.jar.delete(pair.slice(0, at));
    else this.jar.set(pair.slice(0, at), pair.slice(at + 1));
  }
}
