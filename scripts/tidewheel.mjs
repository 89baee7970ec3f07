// npm run tidewheel -- run list: the command line from a checkout.
import { runTypeScript } from './run-typescript.mjs';

await runTypeScript('packages/cli/src/main.ts', process.argv.slice(2));
