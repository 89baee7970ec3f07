// Demo one as a table job: its YAML through the same step types as the product.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { FlowDocument } from '@tidewheel/contract/flow-document';
import { inputsOf } from '@tidewheel/contract/flow-steps';
import { stepTypes } from '@tidewheel/steps/index';
import { parse } from 'yaml';
import type { SqlParameter, TableJobNode } from '../../packages/server/src/storage/tables/table-engine.ts';

export const dataFolder = path.join(import.meta.dirname, '../../node_modules/vega-datasets/data');
const flow = path.join(import.meta.dirname, '../../packages/server/src/app/demo/flight-delays.yaml');

export async function flightNodes(): Promise<{ nodes: TableJobNode[]; parameters: Record<string, SqlParameter> }> {
  const document = FlowDocument.parse(parse(await readFile(flow, 'utf8')));
  const nodes = Object.entries(document.steps).map(([id, step]): TableJobNode => {
    const type = stepTypes.find((each) => each.type === step.use);
    if (type?.where !== 'table') throw new RangeError(`${step.use} is no table step`);
    const node = type.relation(type.config.parse(step.with));
    if (node.op === 'read')
      return { id, node, inputs: { input: { stored: { path: path.join(dataFolder, String(step.with.path)), format: node.format } } }, keep: false };
    return { id, node, inputs: Object.fromEntries(Object.entries(inputsOf(step)).map(([name, from]) => [name, { node: from }])), keep: false };
  });
  return { nodes, parameters: { lateAfter: { type: 'integer', value: 15 } } };
}

/** What a person who knows DuckDB would write for the same five files. */
export function handWritten(folder: string): string {
  const flights = path.join(dataFolder, 'flights-3m.parquet');
  const airports = path.join(dataFolder, 'airports.csv');
  return `
    CREATE OR REPLACE TEMP TABLE delays AS
      SELECT CAST(f.date AS DATE) AS day, f.origin, a.name, a.city, a.state, count(*) AS flights, sum(CAST(f.delay AS DECIMAL(18,0))) AS delay_minutes,
        count(*) FILTER (WHERE f.delay > 15) AS late_flights, max(f.delay) AS worst_delay,
        CAST(delay_minutes / count(*) AS DECIMAL(9,2)) AS mean_delay, CAST(late_flights / count(*) AS DECIMAL(6,4)) AS late_share
      FROM read_parquet('${flights}') f LEFT JOIN read_csv('${airports}') a ON f.origin = a.iata GROUP BY ALL;
    COPY (FROM delays ORDER BY day, origin) TO '${folder}/delays-by-airport-and-day.csv' (FORMAT csv);
    COPY (FROM delays ORDER BY day, origin) TO '${folder}/delays-by-airport-and-day.parquet' (FORMAT parquet, COMPRESSION zstd);
    CREATE OR REPLACE TEMP TABLE routes AS
      SELECT origin, destination, count(*) AS flights, sum(CAST(delay AS DECIMAL(18,0))) AS delay_minutes, max(distance) AS miles, CAST(delay_minutes / count(*) AS DECIMAL(9,2)) AS mean_delay
      FROM read_parquet('${flights}') GROUP BY ALL ORDER BY flights DESC, origin, destination LIMIT 10;
    COPY (FROM routes ORDER BY flights DESC, origin, destination) TO '${folder}/top-ten-routes.csv' (FORMAT csv);
    COPY (FROM routes ORDER BY flights DESC, origin, destination) TO '${folder}/top-ten-routes.json' (FORMAT json, ARRAY true);`;
}
export const flightFiles = ['delays-by-airport-and-day.csv', 'top-ten-routes.csv', 'top-ten-routes.json'];
