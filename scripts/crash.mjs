// npm run crash [-- --runs N --kills N --seed N --json]: random flows run while all around them is killed; counts what was lost, repeated or came out otherwise.
import { runTypeScript } from './run-typescript.mjs';

await runTypeScript('bench/crash.bench.ts', process.argv.slice(2));
