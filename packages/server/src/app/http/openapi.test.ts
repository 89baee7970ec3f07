import { permissions } from '@tidewheel/contract/route';
import { allRoutes } from '@tidewheel/contract/routes/index';
import { runEventTypes } from '@tidewheel/contract/run';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenApi, openApiOf } from './openapi.ts';
import { bodyExamples } from './openapi-examples.ts';
import { contentSecurityPolicy } from './security-headers.ts';
import { type Listening, listenFor } from './testing/listening.ts';

interface Operation {
  operationId: string;
  summary: string;
  description: string;
  tags: string[];
  'x-access': string;
  security?: unknown[];
  parameters: { name: string; in: string; required: boolean; schema: Record<string, unknown> }[];
  requestBody?: unknown;
  responses: Record<string, unknown>;
}

let server: Listening;
let document: OpenApi;
beforeAll(async () => {
  server = await listenFor({ endpoints: [] });
  document = (await (await fetch(`${server.origin}/api/openapi.json`)).json()) as OpenApi;
});
afterAll(() => server.close());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation: operation as unknown as Operation })),
  );

describe('the contract', () => {
  // A caller could have this server knock at other doors at his own rate.
  it('counts whatever reaches outside during a request against the smaller rate', () => {
    const outside = [
      'connection.test',
      'connection.try',
      'credential.test',
      'mail.test',
      'security.checkEgress',
      'sso.discover',
      'target.gather',
      'target.test',
      'target.testMany',
      'target.try',
    ];
    expect(
      allRoutes
        .filter(({ name, cost }) => outside.includes(name) && cost === 'expensive')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(outside);
  });
});

describe('the OpenAPI document', () => {
  it('has every route of the contract, named, described and guarded', () => {
    expect(document.openapi).toBe('3.1.1');
    expect(
      operations()
        .map(({ operation }) => operation.operationId)
        .sort(),
    ).toEqual(allRoutes.map((route) => route.name).sort());
    for (const route of allRoutes) {
      const operation = document.paths[route.path]?.[route.method.toLowerCase()] as unknown as Operation;
      expect(operation, route.name).toBeDefined();
      expect(operation.summary.length, route.name).toBeGreaterThan(3);
      expect(Object.keys(document['tags'] as object).length).toBeGreaterThan(0);
      expect(operation.tags, route.name).toEqual([route.tag]);
      expect(['open', 'signedIn', ...permissions], route.name).toContain(operation['x-access']);
      expect(operation.security, route.name).toEqual(route.access === 'open' ? [] : undefined);
      expect(Object.keys(operation.responses), route.name).toContain('default');
      const named = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(
        operation.parameters
          .filter((parameter) => parameter.in === 'path')
          .map((parameter) => parameter.name)
          .sort(),
        route.name,
      ).toEqual(named.sort());
    }
  });

  it('refers only to what it defines, and says each permission in words', () => {
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference ?? '');
    expect(references.length).toBeGreaterThan(50);
    for (const reference of new Set(references)) {
      const found = reference
        .split('/')
        .slice(1)
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document);
      expect(found, reference).toBeDefined();
    }
    expect(text).not.toContain('#/$defs/');
    const start = document.paths['/api/flows/{slug}/runs']?.['post'] as unknown as Operation;
    expect(start.description).toContain('`flow.run`');
  });

  it('says of each type of event what it carries', () => {
    const { schemas } = document['components'] as { schemas: Record<string, { oneOf?: { title: string; properties: { data: object } }[] }> };
    expect(schemas['RunEvent']?.oneOf?.map(({ title }) => title)).toEqual(runEventTypes);
    expect(schemas['RunEvent']?.oneOf?.find(({ title }) => title === 'step.started')?.properties.data).toMatchObject({ required: ['attempt', 'worker'] });
  });

  it('has examples that pass the schema they illustrate', () => {
    for (const [name, example] of Object.entries(bodyExamples)) {
      const route = allRoutes.find((candidate) => candidate.name === name);
      expect(route?.body?.safeParse(example).success, name).toBe(true);
    }
  });

  it('has no operation twice, neither by name nor by address', () => {
    const addresses = allRoutes.map((route) => `${route.method} ${route.path.replace(/\{\w+\}/g, '{}')}`);
    expect(new Set(addresses).size).toBe(addresses.length);
    expect(Object.keys(openApiOf(allRoutes).paths).length).toBe(Object.keys(document.paths).length);
  });
});

describe('the reference page', () => {
  it('comes whole from this server under the strict policy', async () => {
    const page = await fetch(`${server.origin}/api/reference`);
    expect(page.headers.get('content-security-policy')).toBe(contentSecurityPolicy());
    const html = await page.text();
    const sources = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source ?? '').filter((source) => source !== 'data:,');
    expect(sources).toEqual(['/api/reference/scalar.js', '/api/reference/start.js']);
    expect(html).not.toMatch(/<script>|https?:/);
    for (const source of sources) expect((await fetch(server.origin + source)).headers.get('content-type')).toContain('text/javascript');
    const scalar = await fetch(`${server.origin}/api/reference/scalar.js`);
    expect(scalar.headers.get('content-encoding')).toBe('gzip');
    expect(await scalar.text()).toContain('createApiReference');
  });
});
