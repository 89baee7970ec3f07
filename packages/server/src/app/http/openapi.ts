// OpenAPI 3.1 from the routes of the contract: the same schemas that validate are the ones that document.

import { Problem } from '@tidewheel/contract/problem';
import type { Route } from '@tidewheel/contract/route';
import { RunEvent, runEventTypes } from '@tidewheel/contract/run';
import { runEventData, runEventTexts } from '@tidewheel/contract/run-events';
import { z } from 'zod';
import { version } from '../../base/version.ts';
import { bodyExamples, problemExample } from './openapi-examples.ts';

type Json = Record<string, unknown>;
export interface OpenApi extends Json {
  openapi: string;
  paths: Record<string, Record<string, Json>>;
  components: Json;
}

const tagTexts: Record<string, string> = {
  Flows: 'What to do: documents of steps, kept in versions.',
  Runs: 'What happened: runs, their steps, events and logs.',
  Artifacts: 'What came out, and who got it.',
  Connections: 'How other systems are reached.',
  Files: 'Files that people gave us: schemas, templates, reference lists.',
  Identity: 'Who may do what: signing in, users, invitations, tokens.',
  Notifications: 'What people may have to be told of.',
  System: 'How the installation is.',
};

export function openApiOf(routes: readonly Route[]): OpenApi {
  const components = new Components();
  const problem = components.schema(Problem, 'output');
  const paths: OpenApi['paths'] = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route, components) };
  }
  if (components.has('RunEvent')) components.replace('RunEvent', eventsByType(components));
  return {
    openapi: '3.1.1',
    info: {
      title: 'Tidewheel',
      version,
      summary: 'One portal for scheduled work.',
      description: introduction,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    servers: [{ url: '/' }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name, description: tagTexts[name] ?? name })),
    security: [{ bearer: [] }, { cookie: [] }],
    paths,
    components: {
      schemas: components.all(),
      responses: {
        Problem: { description: 'An error, as a problem (RFC 9457)', content: { 'application/problem+json': { schema: problem, example: problemExample } } },
      },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An API token (`tw_…`), made on the page of your account or by `POST /api/auth/tokens`.' },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: 'tidewheel',
          description: 'Set by signing in; named `__Host-tidewheel` on https. Requests that change something must come from the same origin.',
        },
      },
    },
  };
}

const introduction = `Everything the web and the command line do goes through this API. Errors are problems (RFC 9457) with a stable \`code\`; a faulty request names every fault at once.
Lists are pages: pass \`next\` as \`cursor\`. Live events: \`GET /api/runs/{id}/stream\` (server-sent events) or the WebSocket \`/api/live\`.
A session says its workspace by the header \`Tidewheel-Workspace\`, or with GET by \`?workspace=\`; a token is for the one in which it was made.`;

/** The contract lets `data` be anything, so that one odd event cannot hide the others; readers are told what it is. */
function eventsByType(components: Components): Json {
  const oneOf = runEventTypes.map((type) => ({
    ...components.schema(RunEvent.extend({ type: z.literal(type), data: runEventData[type] }), 'output'),
    title: type,
    description: runEventTexts[type],
  }));
  return { oneOf, discriminator: { propertyName: 'type' } };
}

function operation(route: Route, components: Components): Json {
  return {
    operationId: route.name,
    summary: route.summary,
    description: [route.description, accessText(route)].filter(Boolean).join('\n\n'),
    tags: [route.tag],
    'x-access': route.access,
    ...(route.access === 'open' ? { security: [] } : {}),
    parameters: [...parameters(route.params, 'path', components), ...parameters(route.query, 'query', components), ...resumption(route)],
    ...(route.body ? { requestBody: requestBody(route, components) } : {}),
    responses: { [String(route.status ?? 200)]: success(route, components), ...refusals(route) },
  };
}

function accessText({ access }: Route): string {
  if (access === 'open') return 'Open to everybody.';
  return access === 'signedIn' ? 'For every signed-in user.' : `Needs the permission \`${access}\`.`;
}

function parameters(schema: z.ZodObject | undefined, where: 'path' | 'query', components: Components): Json[] {
  if (!schema) return [];
  return Object.entries(schema.shape).map(([name, part]) => {
    const { description, ...inner } = components.schema(part as z.ZodType, 'input');
    const required = where === 'path' || !(part as z.ZodType).safeParse(undefined).success;
    return { name, in: where, required, schema: inner, ...(typeof description === 'string' ? { description } : {}) };
  });
}

function resumption(route: Route): Json[] {
  // What is asked for by a body is done once: there is nothing to take up again.
  if (route.responseType !== 'text/event-stream' || route.method !== 'GET') return [];
  return [
    {
      name: 'Last-Event-ID',
      in: 'header',
      required: false,
      schema: { type: 'string', pattern: '^\\d+\\.\\d+$' },
      description: 'The `id` of the last event seen',
    },
  ];
}

function requestBody(route: Route, components: Components): Json {
  if (route.bodyType !== undefined)
    return {
      required: true,
      content: { [route.bodyType]: { schema: { type: 'string', ...(route.bodyType === 'application/octet-stream' ? { format: 'binary' } : {}) } } },
    };
  const example = bodyExamples[route.name];
  return {
    required: true,
    content: { 'application/json': { schema: components.schema(route.body as z.ZodType, 'input'), ...(example === undefined ? {} : { example }) } },
  };
}

function success(route: Route, components: Components): Json {
  if (route.status === 204) return { description: 'Done' };
  if (route.responseType !== undefined) return { description: 'The content', content: { [route.responseType]: { schema: { type: 'string' } } } };
  return { description: 'Done', content: { 'application/json': { schema: components.schema(route.response, 'output') } } };
}

function refusals(route: Route): Json {
  const statuses = [
    ...(route.params || route.query || route.body ? ['400'] : []),
    ...(route.access === 'open' ? [] : ['401', '403']),
    ...(route.params ? ['404'] : []),
  ];
  return Object.fromEntries([...statuses, 'default'].map((status) => [status, { $ref: '#/components/responses/Problem' }]));
}

/** Collects the named schemas (`.meta({ id })`) that routes refer to. */
class Components {
  readonly #schemas = new Map<string, Json>();

  /** The JSON Schema of one place, its named parts replaced by references to components. */
  schema(schema: z.ZodType, io: 'input' | 'output'): Json {
    const whole = z.toJSONSchema(z.object({ it: schema }), { io, unrepresentable: 'any' }) as unknown as {
      properties: { it: Json };
      $defs?: Record<string, Json>;
    };
    const names = new Map(Object.entries(whole.$defs ?? {}).map(([name, definition]) => [name, this.#keep(name, definition, io)]));
    for (const [name, kept] of names) this.#schemas.set(kept, relink(whole.$defs?.[name], names) as Json);
    return relink(whole.properties.it, names) as Json;
  }

  /** A schema whose input differs from its output (defaults) gets a name of its own for input. */
  #keep(name: string, definition: Json, io: 'input' | 'output'): string {
    if (io === 'output') return name;
    return JSON.stringify(definition).includes('"default"') ? `${name}Input` : name;
  }

  has(name: string): boolean {
    return this.#schemas.has(name);
  }

  replace(name: string, schema: Json): void {
    this.#schemas.set(name, schema);
  }

  all(): Json {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

function relink(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((item) => relink(item, names));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== 'id' || typeof (value as Json)['id'] !== 'string');
  return Object.fromEntries(
    entries.map(([key, item]) => {
      if (key !== '$ref' || typeof item !== 'string') return [key, relink(item, names)];
      const name = item.replace('#/$defs/', '');
      return [key, `#/components/schemas/${names.get(name) ?? name}`];
    }),
  );
}
