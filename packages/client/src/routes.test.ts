import { readdirSync, readFileSync } from 'node:fs';
import { allRoutes } from '@tidewheel/contract/routes/index';
import { expect, test } from 'vitest';
import * as routes from './routes.ts';
import { routeFiles } from './testing/write-routes.ts';

test('the routes are what the contract says (else run: node packages/client/src/testing/write-routes.ts)', async () => {
  const files = await routeFiles();
  for (const [file, text] of files) expect(readFileSync(new URL(file, import.meta.url), 'utf8'), file).toBe(text);
  const there = readdirSync(new URL('routes/', import.meta.url)).map((file) => `routes/${file}`);
  expect([...there, 'routes.ts'].sort()).toEqual([...files.keys()].sort());
});

test('no route is left out', () => {
  expect(new Set(Object.values(routes).map((route) => route.name))).toEqual(new Set(allRoutes.map((route) => route.name)));
});
