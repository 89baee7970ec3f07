// The thread in which templates are rendered, one message after the other: it can be ended at any moment and has a memory of its own.
import { parentPort } from 'node:worker_threads';
import { messageLiquid } from './liquid.ts';
import type { RenderAnswer, RenderJob } from './renderer.ts';
import { messageForms } from './renderer.ts';

const mostCharacters = 200_000;

function rendered({ template, scope, strict }: RenderJob): RenderAnswer {
  const parts = { subject: '', text: '', short: '', html: '', inAppTitle: '', inAppText: '' };
  for (const form of messageForms) {
    try {
      const liquid = messageLiquid({ strict, escapes: form === 'html' });
      parts[form] = String(liquid.renderSync(liquid.parse(template[form]), scope));
      if (parts[form].length > mostCharacters) return { form, fault: `it becomes longer than ${mostCharacters} characters` };
    } catch (thrown) {
      return { form, fault: thrown instanceof Error ? thrown.message : String(thrown) };
    }
  }
  return { parts };
}

parentPort?.on('message', (job: RenderJob) => parentPort?.postMessage(rendered(job)));
