// npm run model [-- --faults N --only <scenario> --trace]: looks at every state that the protocol of leases can come to.
import { runTypeScript } from './run-typescript.mjs';

await runTypeScript('tests/model/model.ts', process.argv.slice(2));
