// Writes ../routes.ts and ../routes/ from the contract: `node packages/client/src/testing/write-routes.ts`. routes.test.ts says when it is due.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Route } from '@tidewheel/contract/route';

const head = `// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
`;
const barrel = `// biome-ignore-all lint/performance/noBarrelFile: one name to import from, and a module for each part of the API, so that a page's bundle has only the parts it calls
`;
const contractRoutes = new URL('../../../contract/src/routes/', import.meta.url);
const source = new URL('../', import.meta.url);

function isRoute(value: unknown): value is Route {
  return typeof value === 'object' && value !== null && 'method' in value && 'path' in value && 'access' in value;
}

function lineOf(module: string, name: string, route: Route): string {
  const { method, path, bodyType, responseType } = route;
  const fields = Object.entries({ name: route.name, method, path, bodyType, responseType }).filter(([, value]) => value !== undefined);
  return `export const ${name}: RouteRef<typeof import('@tidewheel/contract/routes/${module}').${name}> = { ${fields.map(([key, value]) => `${key}: '${value}'`).join(', ')} };`;
}

/** File below `src` to the text that it should have. */
export async function routeFiles(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const exports: string[] = [];
  const modules = readdirSync(contractRoutes).filter((file) => file.endsWith('.ts') && file !== 'index.ts');
  for (const file of modules.sort()) {
    const module = file.slice(0, -3);
    const exported = (await import(new URL(file, contractRoutes).href)) as Record<string, unknown>;
    const routes = Object.entries(exported)
      .sort(([a], [b]) => a.localeCompare(b))
      .filter((entry): entry is [string, Route] => isRoute(entry[1]));
    if (routes.length === 0) continue;
    const lines = routes.map(([name, route]) => lineOf(module, name, route));
    files.set(`routes/${file}`, `${head}import type { RouteRef } from '../route-ref.ts';\n\n${lines.join('\n')}\n`);
    exports.push(`export { ${routes.map(([name]) => name).join(', ')} } from './routes/${file}';`);
  }
  return files.set('routes.ts', `${head}${barrel}\n${exports.join('\n')}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  rmSync(new URL('routes/', source), { recursive: true, force: true });
  mkdirSync(new URL('routes/', source));
  for (const [file, text] of await routeFiles()) writeFileSync(new URL(file, source), text);
}
