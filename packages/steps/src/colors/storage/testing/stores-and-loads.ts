// What every back end of the storage of colors must do, by the steps themselves.
import { readFile } from 'node:fs/promises';
import { defineStep } from '@tidewheel/kit/define-step';
import { type HarnessOptions, runStep } from '@tidewheel/kit/harness';
import type { Row } from '@tidewheel/kit/step-context';
import { expect } from 'vitest';
import { z } from 'zod';
import { colorLoad } from '../../load.step.ts';
import { colorStore } from '../../store.step.ts';

type Place = { connection: string; path?: string; table?: string; keepDays?: number };
const place = { date: '2026-11-20', cusip: '000000AA1', issuer: 'Crème "de", la\nCrème', px: '98.515625', rank: 2, at: '2026-11-20T16:30:00.250+02:00' };
export const someColors: Row[] = [
  { ...place, more: '{"Desk note":"a;b"}', excludedBy: null, position: 1, family: 1, child: 0, color: 'red', colorBy: 'r', other: 'not a column of colors' },
  { date: '2026-11-19', cusip: '037833100', issuer: '', px: null, rank: null, at: null, more: '{}', excludedBy: 'old', position: null },
];

/** @returns the log of storing */
export async function store(where: Place, { rows = someColors, ...options }: HarnessOptions & { rows?: Row[] }): Promise<string[]> {
  const columns = Object.keys(rows[0] ?? {}).map((name) => ({ name, type: 'VARCHAR' }));
  await using done = await runStep(colorStore, where, { today: '2026-11-20', inputs: { ranked: { rows, columns } }, ...options });
  expect(done.result.value).toMatchObject({ rows: rows.length, day: '2026-11-20' });
  return done.logs.map(({ text }) => text);
}

const loading = defineStep({
  ...{ type: 'test.load', version: 1, ui: colorLoad.ui, description: '', examples: [], produces: 'value' },
  inputs: colorLoad.inputs,
  config: z.object({ of: colorLoad.config }),
  run: async ({ of }, ctx) => {
    const source = await colorLoad.source?.(of, ctx);
    return { value: { text: await readFile(source?.path ?? '', 'utf8'), csv: source?.csv } };
  },
});

/** Cells as they stand in the loaded CSV, NULL as null. */
export async function load(where: Place & { from?: string; to?: string }, options: HarnessOptions): Promise<Record<string, string | null>[]> {
  const { keepDays: _days, ...of } = where;
  await using done = await runStep(loading, { of: { from: '2026-11-20', ...of } }, options);
  const { text, csv } = done.result.value as { text: string; csv: { nullText: string } };
  const [header = [], ...rows] = recordsOf(text, csv.nullText);
  return rows.map((row) => Object.fromEntries(row.map((cell, at) => [header[at], cell])));
}

function recordsOf(text: string, nullText: string): (string | null)[][] {
  const records: (string | null)[][] = [[]];
  for (const { 1: quoted, 2: plain, 3: end } of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/gs)) {
    records.at(-1)?.push(plain === nullText ? null : (quoted ?? plain ?? '').replaceAll('""', '"'));
    if (end === '\n') records.push([]);
  }
  return records.filter((record) => record.length > 2);
}

export async function storesAndLoads(where: Place, options: HarnessOptions): Promise<void> {
  await store(where, options);
  await store(where, options);
  const [first, second, ...others] = await load(where, options);
  expect(others).toEqual([]);
  expect(first).toMatchObject({
    cusip: '000000AA1',
    issuer: place.issuer,
    px: '98.515625',
    rank: '2',
    position: '1',
    color: 'red',
    row: '1',
    day: '2026-11-20',
  });
  expect(JSON.parse(first?.['more'] ?? '')).toEqual({ 'Desk note': 'a;b' });
  expect(new Date((first?.['at'] ?? '').replace(/\+00$/, 'Z')).toISOString()).toBe('2026-11-20T14:30:00.250Z');
  expect(first).not.toHaveProperty('other');
  expect(second).toMatchObject({ date: '2026-11-19', cusip: '037833100', issuer: null, px: null, at: null, excludedBy: 'old', row: '2' });
  await store(where, { ...options, rows: someColors.slice(1) });
  expect((await load(where, options)).map(({ cusip }) => cusip)).toEqual(['037833100']);
  expect(await load({ ...where, from: '2026-11-21', to: '2026-12-31' }, options)).toEqual([]);
}
