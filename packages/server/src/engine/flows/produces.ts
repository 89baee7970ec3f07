// What a step gives to those that take `from` it: for each item or again and again it may be another thing than its type alone would give. Pure.
import type { Step } from '@tidewheel/contract/flow-document';
import type { AnyStepType } from '@tidewheel/kit/define-step';

/** The tables of items become one, their files a list; repeated, or in a group, only a value is left. */
export function producesOf(step: Step, type: AnyStepType): AnyStepType['produces'] {
  if (step.repeat || (step.each && step.steps)) return 'value';
  if (step.each && type.produces === 'none') return 'value';
  return type.produces;
}
