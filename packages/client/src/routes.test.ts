import { readFileSync } from 'node:fs';
import { allRoutes } from '@tidewheel/contract/routes/index';
import { expect, test } from 'vitest';
import * as routes from './routes.ts';
import { routesSource } from './testing/write-routes.ts';

test('routes.ts says what the contract says (else run: node packages/client/src/testing/write-routes.ts)', async () => {
  expect(readFileSync(new URL('./routes.ts', import.meta.url), 'utf8')).toBe(await routesSource());
});

test('no route is left out', () => {
  expect(new Set(Object.values(routes).map((route) => route.name))).toEqual(new Set(allRoutes.map((route) => route.name)));
});
