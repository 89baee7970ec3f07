// Writes the pages of docs/ that follow from the code: node scripts/generate-docs.mjs. A test says when they are out of date.
import { runTypeScript } from './run-typescript.mjs';

await runTypeScript('scripts/generate-docs.ts', process.argv.slice(2));
