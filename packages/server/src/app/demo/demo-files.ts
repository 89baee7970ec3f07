// The data that the demo flows read: copied or made into one folder at the first start.
import { constants } from 'node:fs';
import { copyFile, mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { syntheticColors } from '../../features/colors/synthetic/synthetic-colors.ts';
import { syntheticWorkbook } from '../../features/colors/synthetic/synthetic-files.ts';
import { faultManifest, generateTradingDay, tradesCsv } from './trades/generate.ts';

const here = import.meta.dirname;
export const demoColorFlow = 'color-morning';
/** The documents of the demo flows by slug. */
export const demoFlows = {
  'flight-delays': path.join(here, 'flight-delays.yaml'),
  'mifir-daily': path.join(here, 'mifir-daily.yaml'),
  [demoColorFlow]: path.join(here, 'color-morning.yaml'),
};
/** The business date of the synthetic trades: the default of the flow's parameter. */
export const demoBusinessDate = '2026-11-18';
/** The day of the synthetic colors: likewise. */
export const demoColorDay = '2026-11-20';

/** Puts what is missing into `folder`; what is there stays, also when a person changed it. */
export async function placeDemoFiles(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const flights = flightsFolder();
  await place(folder, { name: 'flights-3m.parquet', from: path.join(flights, 'flights-3m.parquet') });
  await place(folder, { name: 'airports.csv', from: path.join(flights, 'airports.csv') });
  for (const name of ['iso10383_mic_2021.csv', 'iso4217_currencies.csv']) await place(folder, { name, from: path.join(here, 'data', name) });
  await placeTrades(folder);
  await placeColors(folder);
}

// The package's `exports` hide its data, which stands beside the folder of its entry (`build/index.js`).
function flightsFolder(): string {
  const require = createRequire(import.meta.url);
  return path.join(path.dirname(require.resolve('vega-datasets')), '..', 'data');
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

// A copy, not a hard link: a file that a person edits in the data folder must not change the installed package.
async function place(folder: string, { name, from }: { name: string; from: string }): Promise<void> {
  const file = path.join(folder, name);
  if (await isThere(file)) return;
  const partial = `${file}.part`;
  await copyFile(from, partial, constants.COPYFILE_FICLONE);
  await rename(partial, file);
}

async function placeTrades(folder: string): Promise<void> {
  const name = `SYNTHETIC-mifir-trades-${demoBusinessDate}`;
  if (await isThere(path.join(folder, `${name}.csv`))) return;
  const day = generateTradingDay({ businessDate: demoBusinessDate });
  await write(path.join(folder, `${name}.faults.json`), [faultManifest(day)]);
  await write(path.join(folder, `${name}.csv`), tradesCsv(day));
}

async function placeColors(folder: string): Promise<void> {
  const file = path.join(folder, `SYNTHETIC-colors-${demoColorDay}.xlsx`);
  if (await isThere(file)) return;
  const colors = syntheticColors({ seed: 2026, days: 1, perDay: 5_000, until: demoColorDay });
  await write(file, syntheticWorkbook(colors, { titles: ['SYNTHETIC: no dealer said this'], mergedDealers: true }));
}

async function write(file: string, lines: Iterable<string> | Uint8Array): Promise<void> {
  const partial = `${file}.part`;
  await writeFile(partial, lines instanceof Uint8Array ? lines : [...lines].join(''));
  await rename(partial, file);
}
