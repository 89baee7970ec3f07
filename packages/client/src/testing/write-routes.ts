// Writes ../routes.ts from the contract: `node packages/client/src/testing/write-routes.ts`. routes.test.ts says when it is due.
import { readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Route } from '@tidewheel/contract/route';

const head = `// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
// biome-ignore-all format: as it is written
import type { RouteRef } from './route-ref.ts';
`;
const contractRoutes = new URL('../../../contract/src/routes/', import.meta.url);

function isRoute(value: unknown): value is Route {
  return typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'access' in value;
}

function lineOf(module: string, name: string, route: Route): string {
  const { method, path, bodyType, responseType } = route;
  const fields = Object.entries({ name: route.name, method, path, bodyType, responseType }).filter(([, value]) => value !== undefined);
  return `export const ${name}: RouteRef<typeof import('@tidewheel/contract/routes/${module}').${name}> = { ${fields.map(([key, value]) => `${key}: '${value}'`).join(', ')} };`;
}

/** The text that ../routes.ts should have. */
export async function routesSource(): Promise<string> {
  const lines: string[] = [];
  const modules = readdirSync(contractRoutes)
    .filter((file) => file.endsWith('.ts') && file !== 'index.ts')
    .map((file) => file.slice(0, -3));
  for (const module of modules.sort()) {
    const exported = (await import(new URL(`${module}.ts`, contractRoutes).href)) as Record<string, unknown>;
    for (const [name, value] of Object.entries(exported).sort(([a], [b]) => a.localeCompare(b))) if (isRoute(value)) lines.push(lineOf(module, name, value));
  }
  return `${head}\n${lines.join('\n')}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(new URL('../routes.ts', import.meta.url), await routesSource());
