// A process that starts the embedded Postgres of a folder and holds it until it is killed: `node hold.ts <folder>` prints the postmaster's id.
import { createLogger } from '../../../base/logger.ts';
import { startEmbedded } from '../embedded.ts';

const postgres = await startEmbedded({ dataFolder: process.argv[2] ?? '', logger: createLogger({ role: 'hold', level: 'error' }), sync: false });
process.stdout.write(`${JSON.stringify({ pid: await postgres.pid(), ownerUrl: postgres.ownerUrl })}\n`);
setInterval(() => {}, 60_000);
