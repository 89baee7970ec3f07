// npm start: installs, builds, runs. Plain JavaScript that runs on Node 20 with nothing installed.
import { parseArgs } from 'node:util';
import { ensureWebBuilt, webDist } from './build-web.mjs';
import { ensureInstalled } from './install.mjs';
import { findNode24, requireNode20, whyNoNode24 } from './node-24.mjs';
import { runServer } from './run-server.mjs';

const startedAt = Date.now();
requireNode20();

const help = `npm start -- [options]

  --port <number>     listen here; without it 8080 or the next free port
  --host <address>    listen on this address (127.0.0.1)
  --data <folder>     where everything is kept (~/.tidewheel)
  --roles <list>      some of api,worker,scheduler (all)
  --once              run the demo flows, print one line of JSON, end
  --logs              show the log as JSON lines instead of keeping it in <data>/logs
  --help

Every setting can also stand in the environment or in a file .env here: see .env.example.`;

function readFlags() {
  try {
    return parseArgs({
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        data: { type: 'string' },
        roles: { type: 'string' },
        once: { type: 'boolean', default: false },
        logs: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    console.error(`${error.message}\n\n${help}`);
    return process.exit(2);
  }
}

const flags = readFlags();
if (flags.help) {
  console.log(help);
  process.exit(0);
}
if (!(await ensureInstalled())) process.exit(1);
const node = findNode24();
if (!node) {
  console.error(whyNoNode24);
  process.exit(1);
}
// A build of one's own is used as it is.
if (!process.env.TIDEWHEEL_WEB_DIST && !(await ensureWebBuilt(node))) process.exit(1);

const settings = { TIDEWHEEL_PORT: flags.port, TIDEWHEEL_HOST: flags.host, TIDEWHEEL_DATA: flags.data, TIDEWHEEL_ROLES: flags.roles };
const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
process.exitCode = await runServer({
  node,
  once: flags.once,
  showLogs: flags.logs,
  environment: { TIDEWHEEL_WEB_DIST: webDist, ...process.env, ...given, TIDEWHEEL_STARTED_AT: String(startedAt) },
});
