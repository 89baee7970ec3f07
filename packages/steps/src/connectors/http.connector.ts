// A service that is called over HTTP.
import { toAppError } from '@tidewheel/contract/errors';
import { defineConnector } from '@tidewheel/kit/define-connector';
import { openService } from '../http/http-service.ts';
import { HttpConfig, HttpSecret } from '../http/http-settings.ts';
import { TestChecks } from './test-checks.ts';

export const http = defineConnector({
  type: 'http',
  title: 'HTTP service',
  icon: 'api',
  description:
    'Calls a service (REST, JSON, files) below one address, signed in by user and password, token, key in a header, OAuth 2.0 client credentials or client certificate. The sign-in goes to that address alone, also when the service redirects.',
  config: HttpConfig,
  secret: HttpSecret,
  destination: ['url', 'auth', 'user', 'header', 'tokenUrl', 'clientId', 'ca', 'verify'],
  examples: [{ title: 'A REST service with a token', config: { url: 'https://api.example.com/v1', auth: 'bearer' } }],
  async test({ config, secret }, { signal }) {
    const url = new URL(config.url);
    const checks = new TestChecks(toAppError);
    const place = { host: url.hostname, port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80), class: 'host' as const };
    if (!(await checks.reaches(place, { signal, timeoutSeconds: Math.min(config.timeoutSeconds, 10) }))) return checks.result();
    let sent: Record<string, string> = {};
    const service = await Promise.resolve()
      // Nothing that the service says is told here.
      .then(() => openService({ config, secret, keepSecret: () => {} }, { timeoutMs: config.timeoutSeconds * 1000, maxBytes: 1_000_000, maxRedirects: 0 }))
      .catch((thrown: unknown) => toAppError(thrown));
    if (service instanceof Error) {
      checks.failed('sign-in', service);
      return checks.result();
    }
    const hasToken = async () => {
      sent = await service.signIn(signal, true);
      return config.auth === 'oauth2' ? 'An access token was given.' : config.auth === 'none' ? 'Nothing is needed.' : `By ${config.auth}.`;
    };
    if (!(await checks.attempt('sign-in', hasToken))) return checks.result();
    await checks.attempt('answer', async () => {
      const answer = await service.fetch(service.urlOf(''), { headers: { ...service.headers, ...sent }, signal });
      void answer.body?.cancel().catch(() => {});
      if (answer.status === 401 || answer.status === 403)
        throw new RangeError(`${url.origin} answers ${answer.status}: it refuses the sign-in, or this path to it.`);
      return `${url.origin} answers ${answer.status}.`;
    });
    return checks.result();
  },
});
