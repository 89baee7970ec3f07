// A version of a flow keeps the config versions of the step types it was written for; later types bring its configuration up when it is planned.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { FlowDocument, Step } from '@tidewheel/contract/flow-document';
import { allSteps } from '@tidewheel/contract/flow-steps';
import type { StepTypes } from '../ports.ts';

/** Step type to config version, as kept beside a document. */
export type StepVersions = Record<string, number>;

export function stepVersionsOf(document: FlowDocument, types: StepTypes): StepVersions {
  const uses = new Set([...allSteps(document.steps)].flatMap(({ step }) => [step.use, ...(step.undo ? [step.undo.use] : [])]));
  return Object.fromEntries([...uses].map((use) => [use, types.get(use)?.version ?? 1]));
}

/** The document as today's step types read it; the same object when nothing changed. @throws InvalidInput when it was written for a newer step type than this installation has */
export function upgradeDocument({ document, saved, types }: { document: FlowDocument; saved: StepVersions; types: StepTypes }): FlowDocument {
  const steps = upgradeSteps(document.steps, { saved, types });
  return steps === document.steps ? document : { ...document, steps };
}

interface Upgrading {
  saved: StepVersions;
  types: StepTypes;
}

function upgradeSteps(steps: Record<string, Step>, upgrading: Upgrading): Record<string, Step> {
  const entries = Object.entries(steps).map(([id, step]) => [id, upgradeStep(id, step, upgrading)] as const);
  return entries.every(([id, step]) => step === steps[id]) ? steps : Object.fromEntries(entries);
}

function upgradeStep(id: string, step: Step, upgrading: Upgrading): Step {
  const config = upgradeConfig(`steps.${id}`, step, upgrading);
  const inner = step.steps && upgradeSteps(step.steps, upgrading);
  const undo = step.undo && upgradeConfig(`steps.${id}.undo`, step.undo, upgrading);
  if (config === step.with && inner === step.steps && undo === step.undo?.with) return step;
  return { ...step, with: config, ...(inner && { steps: inner }), ...(step.undo && undo && { undo: { ...step.undo, with: undo } }) };
}

function upgradeConfig(path: string, { use, with: config }: Pick<Step, 'use' | 'with'>, { saved, types }: Upgrading): Step['with'] {
  const type = types.get(use);
  const from = saved[use] ?? 1;
  if (!type || from === type.version) return config;
  if (from > type.version || !type.upgrade) {
    throw new InvalidInput('flow.step_newer', `${path}: it was saved for version ${from} of ${use}; this installation has version ${type.version}.`, {
      hint: 'Run it where the newer version is installed, or save the flow again here.',
    });
  }
  return type.upgrade(config, from);
}
