// A version of a flow keeps the config versions of the step types it was written for; later types bring its configuration up when it is planned.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { FlowDocument, Step } from '@tidewheel/contract/flow-document';
import type { StepTypes } from '../ports.ts';

/** Step type to config version, as kept beside a document. */
export type StepVersions = Record<string, number>;

export function stepVersionsOf(document: FlowDocument, types: StepTypes): StepVersions {
  const uses = new Set(Object.values(document.steps).map((step) => step.use));
  return Object.fromEntries([...uses].map((use) => [use, types.get(use)?.version ?? 1]));
}

/** The document as today's step types read it; the same object when nothing changed. @throws InvalidInput when it was written for a newer step type than this installation has */
export function upgradeDocument({ document, saved, types }: { document: FlowDocument; saved: StepVersions; types: StepTypes }): FlowDocument {
  const entries = Object.entries(document.steps).map(([id, step]) => [id, upgradeStep({ id, step, saved, types })] as const);
  if (entries.every(([id, step]) => step === document.steps[id])) return document;
  return { ...document, steps: Object.fromEntries(entries) };
}

function upgradeStep({ id, step, saved, types }: { id: string; step: Step; saved: StepVersions; types: StepTypes }): Step {
  const type = types.get(step.use);
  const from = saved[step.use] ?? 1;
  if (!type || from === type.version) return step;
  if (from > type.version || !type.upgrade) {
    throw new InvalidInput('flow.step_newer', `steps.${id}: it was saved for version ${from} of ${step.use}; this installation has version ${type.version}.`, {
      hint: 'Run it where the newer version is installed, or save the flow again here.',
    });
  }
  return { ...step, with: type.upgrade(step.with, from) };
}
