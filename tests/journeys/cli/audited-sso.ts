// What signing in through a provider leaves in the audit trail, done once each.
import type { Client } from '@tidewheel/client/client';
import * as routes from '@tidewheel/client/routes';
import { expect } from 'vitest';
import { oidcClient, startOidc } from '../../../packages/server/src/platform/identity/testing/oidc-host.ts';
import { Wanderer } from '../../../packages/server/src/platform/identity/testing/wanderer.ts';

/** A provider added, changed, mapped and removed; a person made, given a role, letting a terminal in, and unlinked. */
export async function doSso(client: Client, origin: string): Promise<void> {
  const host = await startOidc({ redirectUris: [`${origin}/api/auth/sso/acme/callback`] });
  try {
    const body = { slug: 'acme', title: 'Acme', issuer: host.issuer, ...oidcClient, emailDomains: ['acme.example'], provision: true };
    await client.call(routes.createSsoProvider, { body });
    const params = { slug: 'acme' };
    await client.call(routes.updateSsoProvider, { params, body: { title: 'Acme Inc.' } });
    await client.call(routes.saveSsoMapping, { params, body: { rules: [], otherwise: { workspace: 'main', role: 'viewer' } } });
    host.people.set('sam', { email: 'sam@acme.example', email_verified: true, name: 'Sam', groups: [] });
    host.visitor = 'sam';
    const sam = new Wanderer(origin);
    expect((await sam.signIn('acme')).pathname).toBe('/');
    const terminal = { challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', title: 'web01' };
    expect((await sam.call('POST', '/api/auth/terminal', terminal)).status).toBe(200);
    await linkedByHand(client, origin);
    for (const { user } of (await client.call(routes.listSsoLinks, { params })).items)
      await client.call(routes.removeSsoLink, { params: { ...params, user: user.id } });
    await client.call(routes.removeSsoProvider, { params });
  } finally {
    await host.stop();
  }

  async function linkedByHand(asAdmin: Client, at: string): Promise<void> {
    const { link } = await asAdmin.call(routes.inviteUser, { body: { email: 'lou@example.org', role: 'viewer' } });
    const lou = new Wanderer(at);
    await lou.call('POST', `/api/auth/links/${new URL(link ?? '').pathname.split('/').at(-1)}`, {
      email: 'lou@example.org',
      name: 'Lou',
      password: 'nine herons and a teapot',
    });
    host.visitor = 'lou-there';
    const begun = await lou.call<{ location: string }>('POST', '/api/auth/sso/acme/link');
    expect((await lou.walk(new URL(begun.body.location))).url.pathname).toBe('/profile');
  }
}
