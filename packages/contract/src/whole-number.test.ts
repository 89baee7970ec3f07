import { expect, test } from 'vitest';
import { z } from 'zod';
import { allRoutes } from './routes/index.ts';
import { mostInteger } from './whole-number.ts';

/** Kept as `bigint`, or only compared in memory. */
const wide =
  /^(run\.(events|stream|table|logs|searchLogs) query|audit\.checkpoint query|colorUpload\.(begin|send) |security\.update body \.properties\.uploadMaxBytes)/;

function integers(schema: unknown, place: string): { place: string; maximum: unknown }[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { type, maximum } = schema as { type?: unknown; maximum?: unknown };
  const inner = Object.entries(schema).flatMap(([name, value]) => integers(value, `${place}.${name}`));
  return type === 'integer' ? [{ place, maximum }, ...inner] : inner;
}

test('no request takes a whole number that its column cannot hold', () => {
  const all = allRoutes.flatMap((route) =>
    (['params', 'query', 'body'] as const).flatMap((part) => {
      const schema = route[part];
      return schema instanceof z.ZodType ? integers(z.toJSONSchema(schema, { unrepresentable: 'any' }), `${route.name} ${part} `) : [];
    }),
  );
  expect(all.length).toBeGreaterThan(50);
  const beyond = all.filter(({ place, maximum }) => !wide.test(place) && !(typeof maximum === 'number' && maximum <= mostInteger));
  expect(beyond.map(({ place }) => place)).toEqual([]);
});
