// A process with a table engine that works without end, for tests that kill it.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLogger } from '../../../base/logger.ts';
import { createTableEngine } from '../create-table-engine.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'tidewheel-alone-'));
const engine = createTableEngine({ processes: 2, memoryLimit: '128MB', scratch: folder, log: createLogger({ role: 'test', level: 'silent' }), threads: 1 });
await writeFile(path.join(folder, 'a.csv'), 'a\n1\n');
const job = {
  nodes: [
    {
      id: 'raw',
      node: { op: 'read', format: 'csv', onRowError: 'fail' },
      inputs: { input: { stored: { path: path.join(folder, 'a.csv'), format: 'csv' } } },
      keep: false,
    },
    {
      id: 'q',
      node: { op: 'sql', sql: 'SELECT count(*) AS n FROM range(1000000) a(i), range(1000000) b(j), input WHERE (i * j) % 7 = 3' },
      inputs: { input: { node: 'raw' } },
      keep: false,
    },
  ],
  parameters: {},
  now: new Date(),
  today: '2026-01-01',
  timeZone: 'UTC',
  folder,
} as const;
void engine.run(job as never, { signal: new AbortController().signal }).catch(() => {});
setTimeout(() => console.log(JSON.stringify({ folder, pids: engine.processIds() })), 1_500);
