// Renders messages in a thread of its own, which is kept warm and ended when a template does not come to its end.
import { Worker } from 'node:worker_threads';
import type { TemplateContent } from '@tidewheel/contract/notify';
import { liquidLimits } from './liquid.ts';

export const messageForms = ['subject', 'text', 'short', 'html', 'inAppTitle', 'inAppText'] as const;
export type MessageForm = (typeof messageForms)[number];
export interface RenderJob {
  template: Record<MessageForm, string>;
  /** Plain data; it is copied into the thread. */
  scope: Record<string, unknown>;
  strict: boolean;
}
export type RenderAnswer = { parts: Record<MessageForm, string> } | { form: MessageForm | null; fault: string };

export interface Renderer {
  /** Never throws for a template's fault. */
  render(job: RenderJob): Promise<RenderAnswer>;
  close(): Promise<void>;
}

// LiquidJS looks at its limits between tags only: what hangs inside one filter is ended from outside.
const patienceMs = 4 * liquidLimits.renderMs + 1_000;
const memoryMb = 128;

export function createRenderer(): Renderer {
  let worker: Worker | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function one(job: RenderJob): Promise<RenderAnswer> {
    worker ??= new Worker(new URL('./liquid.worker.ts', import.meta.url), { env: {}, resourceLimits: { maxOldGenerationSizeMb: memoryMb } });
    worker.unref();
    const answer = await ask(worker, job);
    if (answer !== 'ended' && answer !== 'late') return answer;
    await worker.terminate();
    worker = undefined;
    return { form: null, fault: answer === 'late' ? `it takes longer than ${patienceMs / 1_000} s` : `it takes more than ${memoryMb} MB of memory` };
  }
  return {
    render(job) {
      const done = last.then(() => one(job));
      last = done.catch(() => undefined);
      return done;
    },
    async close() {
      await last;
      await worker?.terminate();
    },
  };
}

function ask(worker: Worker, job: RenderJob): Promise<RenderAnswer | 'ended' | 'late'> {
  return new Promise((resolve) => {
    const settle = (answer: RenderAnswer | 'ended' | 'late') => {
      clearTimeout(timer);
      worker.off('message', settle).off('error', failed).off('exit', failed);
      resolve(answer);
    };
    const failed = () => settle('ended');
    const timer = setTimeout(() => settle('late'), patienceMs);
    worker.on('message', settle).on('error', failed).on('exit', failed);
    worker.postMessage(job);
  });
}

/** The forms of a template, with what is left empty made of the others. */
export function formsOf({ subject, text, short, html, inAppTitle, inAppText }: TemplateContent): Record<MessageForm, string> {
  return { subject, text, short: short || subject, html, inAppTitle: inAppTitle || subject, inAppText: inAppText || '{{ event.text }}' };
}

/** As it goes out: one line for a subject, HTML made of the text where the template has none. */
export function finished(parts: Record<MessageForm, string>): Record<MessageForm, string> {
  const text = parts.text.replace(/\r\n/g, '\n').trim();
  const html = parts.html.trim() === '' ? htmlOf(text) : parts.html;
  const subject = line(parts.subject, 200) || 'Notification';
  return { subject, text, short: line(parts.short, 500), html, ...inAppWords(parts) };
}

/** What the pages show: one line, and as much below it as the bell has room for. */
export function inAppWords({ inAppTitle, inAppText }: Pick<Record<MessageForm, string>, 'inAppTitle' | 'inAppText'>) {
  return { inAppTitle: line(inAppTitle, 200) || 'Notification', inAppText: inAppText.replace(/\r\n/g, '\n').trim().slice(0, 1_000) };
}

function line(text: string, most: number): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, most);
}

function htmlOf(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
  const linked = escaped.replace(/https?:\/\/[^\s&]+/g, (address) => `<a href="${address}">${address}</a>`);
  return `<div style="font-family:system-ui,sans-serif;font-size:15px;line-height:1.5;white-space:pre-wrap">${linked}</div>`;
}
