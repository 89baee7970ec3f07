// A real OpenID provider (oidc-provider) on a free port, with people of the test's choice.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export interface OidcPerson {
  email: string;
  email_verified: boolean;
  name: string;
  groups: string[];
}

export interface OidcHost {
  issuer: string;
  /** By subject. May be changed between sign-ins. */
  people: Map<string, OidcPerson>;
  /** Who signs in at the next visit without being asked; null: a page asks for the subject. */
  visitor: string | null;
  /** Answers 503 to everything. */
  isDown: boolean;
  stop(): Promise<void>;
}

export const oidcClient = { clientId: 'tidewheel', clientSecret: 'a-secret-of-the-client-0123456789' };

export async function startOidc({ redirectUris, returnTo = [] }: { redirectUris: string[]; returnTo?: string[] }): Promise<OidcHost> {
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const people = new Map<string, OidcPerson>();
  const provider = openProvider(issuer, people, { redirectUris, returnTo });
  const host: OidcHost = {
    issuer,
    people,
    visitor: null,
    isDown: false,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const callback = provider.callback();
  server.on('request', (request, response) => {
    if (host.isDown) return void response.writeHead(503).end();
    if (!request.url?.startsWith('/interaction/')) return void callback(request, response);
    answerInteraction(provider, host, { request, response }).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  return host;
}

function openProvider(issuer: string, people: Map<string, OidcPerson>, { redirectUris, returnTo }: { redirectUris: string[]; returnTo: string[] }): Provider {
  return new Provider(issuer, {
    clients: [
      {
        client_id: oidcClient.clientId,
        client_secret: oidcClient.clientSecret,
        redirect_uris: redirectUris,
        post_logout_redirect_uris: returnTo,
      },
    ],
    cookies: { keys: ['of this test'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
    scopes: ['openid', 'email', 'profile', 'groups'],
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    findAccount: async (_context, id) => ({ accountId: id, claims: async () => ({ sub: id, ...people.get(id) }) }),
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({ clientId: oidc.client?.clientId ?? '', accountId: oidc.session?.accountId ?? '' });
      grant.addOIDCScope('openid email profile groups');
      await grant.save();
      return grant;
    },
  });
}

async function answerInteraction(
  provider: Provider,
  host: OidcHost,
  { request, response }: { request: http.IncomingMessage; response: http.ServerResponse },
): Promise<void> {
  const asked = new URL(request.url ?? '', host.issuer).searchParams.get('subject');
  const accountId = host.visitor ?? asked;
  if (accountId === 'nobody') return provider.interactionFinished(request, response, { error: 'access_denied', error_description: 'Went away' });
  if (accountId !== null) return provider.interactionFinished(request, response, { login: { accountId } });
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end('<!doctype html><title>Provider</title><h1>Who are you?</h1><form><input name="subject" aria-label="Subject"><button>Go on</button></form>');
}
