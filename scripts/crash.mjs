// npm run crash [-- --json]: kills workers at random while runs go on, then counts what was lost or repeated.
import { runTypeScript } from './run-typescript.mjs';

await runTypeScript('bench/crash.bench.ts', process.argv.slice(2));
