// npm run bench engine [-- --json]
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from './node-24.mjs';
import { runTypeScript } from './run-typescript.mjs';

const [name, ...args] = process.argv.slice(2);
const known = readdirSync(path.join(root, 'bench'))
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length));
if (!name || !existsSync(path.join(root, 'bench', `${name}.bench.ts`))) {
  console.error(`Usage: npm run bench <name> [-- --json]. There are: ${known.join(', ')}`);
  process.exit(2);
}
await runTypeScript(`bench/${name}.bench.ts`, args);
