// The declared parameters of a document: their limits and defaults.
import type { Parameter } from '@tidewheel/contract/flow-document';
import { faultText } from '../../base/zod-faults.ts';
import { compilePattern } from '../expressions/patterns.ts';
import { scopeNames } from '../expressions/scope.ts';
import type { CheckContext } from './check-context.ts';
import { ofItems, ofTimes } from './check-expression.ts';
import { coerce } from './parameter-values.ts';
import { defaultValue, isLiteralDefault } from './parameters.ts';

export function checkParameters(context: CheckContext, timeZone: string): void {
  for (const [name, parameter] of Object.entries(context.draft.parameters)) {
    if ((scopeNames as readonly string[]).includes(name)) {
      context.report({
        keys: ['parameters', name],
        message: `"${name}" already means something in expressions`,
        hint: `Choose a name other than ${scopeNames.join(', ')}.`,
      });
    }
    if (ofItems.includes(name) || ofTimes.includes(name)) reportHidden(context, name);
    const sound = checkLimits(context, name, parameter);
    if (sound && parameter.default !== undefined) checkDefault({ context, name, parameter, timeZone });
  }
}

/** Only where something is repeated, and only what needs it: a warning. */
function reportHidden(context: CheckContext, name: string): void {
  const hides = context.draft.steps.find(({ step }) => (ofItems.includes(name) ? step.each : step.repeat));
  if (!hides) return;
  const message = `inside ${hides.keys.join('.')} "${name}" means something else`;
  context.report({ keys: ['parameters', name], message, severity: 'warning', hint: 'Choose another name.' });
}

function checkLimits(context: CheckContext, name: string, parameter: Parameter): boolean {
  const { type, minimum, maximum, pattern, choices } = parameter;
  let sound = true;
  const report = (key: string, message: string, hint?: string): void => {
    sound = false;
    context.report({ keys: ['parameters', name, key], message, hint });
  };
  const isNumber = type === 'integer' || type === 'number';
  if (minimum !== undefined && !isNumber) report('minimum', `has no meaning for a ${type}`);
  if (maximum !== undefined && !isNumber) report('maximum', `has no meaning for a ${type}`);
  if (minimum !== undefined && maximum !== undefined && minimum > maximum) report('minimum', `is greater than the maximum ${maximum}`);
  if (pattern !== undefined && type !== 'string') report('pattern', `has no meaning for a ${type}`);
  if (pattern !== undefined) {
    try {
      compilePattern(pattern);
    } catch (thrown) {
      const { message, hint } = faultText(thrown);
      report('pattern', message, hint);
    }
  }
  for (const choice of sound ? (choices ?? []) : []) {
    const outcome = coerce({ parameter: { ...parameter, choices: undefined }, given: choice, timeZone: 'UTC' });
    if ('fault' in outcome) report('choices', `${JSON.stringify(choice)} ${outcome.fault}`);
  }
  return sound;
}

/** A computed default that misses its limits today may meet them tomorrow: a warning. */
function checkDefault({ context, name, parameter, timeZone }: { context: CheckContext; name: string; parameter: Parameter; timeZone: string }): void {
  const now = new Date();
  const { calendars } = context;
  const outcome = defaultValue({ name, parameter, now, timeZone, calendars });
  if ('value' in outcome) return;
  const free = defaultValue({ name, parameter: { type: parameter.type, default: parameter.default }, now, timeZone, calendars });
  const severity = 'value' in free && !isLiteralDefault(parameter) ? 'warning' : 'error';
  context.report({ keys: ['parameters', name, 'default'], message: outcome.fault.message, hint: outcome.fault.hint, severity });
}
