import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@tidewheel/client/client';
import { drainWorker, showEngine, undrainWorker } from '@tidewheel/client/routes';
import { InvalidInput, NotFound } from '@tidewheel/contract/errors';
import type { EngineWorker } from '@tidewheel/contract/routes/engine';
import { command, contextOf } from '../../command.ts';

const argument = 'id of the worker, the beginning of it, or host:process';
const pollMs = 250;

export function engineDrain() {
  return command('drain', {
    summary: 'Let a worker take nothing new; what it runs ends with its present step',
    examples: [
      ['tidewheel engine drain web-1:4711 --wait', 'then the process can be stopped or restarted'],
      ['tidewheel engine undrain web-1:4711', 'take it back'],
    ],
  })
    .argument('<worker>', argument)
    .option('--wait', 'wait until it has nothing left')
    .action(async (reference, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const { id } = await findWorker(client, reference);
      let drained = await client.call(drainWorker, { params: { id } });
      while (options.wait && drained.held > 0 && drained.drain !== null) {
        await sleep(pollMs);
        // Asked again it stays as it is: the answer says what it still has.
        drained = { ...drained, held: (await client.call(showEngine)).workers.find((worker) => worker.id === id)?.held ?? 0 };
      }
      const left = drained.held === 0 ? 'it has nothing left' : `it still has ${drained.held}`;
      context.print.result(drained, () => context.print.line(`The worker ${drained.host}:${drained.pid} takes nothing new; ${left}.`));
    });
}

export function engineUndrain() {
  return command('undrain', {
    summary: 'Let a drained worker take work again',
    examples: [['tidewheel engine undrain web-1:4711', 'as `engine status` names it']],
  })
    .argument('<worker>', argument)
    .action(async (reference, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const { id } = await findWorker(client, reference);
      const worker = await client.call(undrainWorker, { params: { id } });
      context.print.result(worker, () => context.print.line(`The worker ${worker.host}:${worker.pid} takes work again.`));
    });
}

/** @throws NotFound, or InvalidInput when several begin so */
async function findWorker(client: Client, reference: string): Promise<EngineWorker> {
  const { workers } = await client.call(showEngine);
  const found = workers.filter((worker) => worker.id === reference || `${worker.host}:${worker.pid}` === reference);
  const fitting = found.length > 0 ? found : workers.filter((worker) => reference.length >= 4 && worker.id.startsWith(reference));
  const [worker] = fitting;
  if (!worker) throw new NotFound('worker.unknown', `There is no live worker "${reference}".`, { hint: 'See `tidewheel engine status`.' });
  if (fitting.length > 1)
    throw new InvalidInput('worker.reference', `"${reference}" fits ${fitting.length} workers.`, {
      hint: 'Give the whole id: `tidewheel engine status --json`.',
    });
  return worker;
}
