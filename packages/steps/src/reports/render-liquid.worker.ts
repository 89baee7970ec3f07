// The thread in which a user's template is rendered: it can be ended at any moment and has a memory of its own.
import { parentPort, workerData } from 'node:worker_threads';
import { closedLiquid } from './liquid-engine.ts';
import type { LiquidAnswer, LiquidJob } from './render-liquid.ts';

function answer({ template, scope }: LiquidJob): LiquidAnswer {
  try {
    const liquid = closedLiquid();
    return { text: liquid.renderSync(liquid.parse(template), scope) as string };
  } catch (thrown) {
    return { fault: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

parentPort?.postMessage(answer(workerData as LiquidJob));
