// A step's configuration, resolved just before the step runs.
import { InvalidInput } from '@tidewheel/contract/errors';
import type { AnyStepType } from '@tidewheel/kit/define-step';
import { faultsOfZod } from '../../base/zod-faults.ts';
import { renderTemplate } from './evaluate.ts';
import { renderFields } from './fields.ts';
import type { Scope } from './scope.ts';

/**
 * A step's configuration as its `run` or `relation` takes it: templates filled, defaults applied.
 * @throws InvalidInput `step.config` that names every fault with its path below `with`
 */
export function resolveConfig({ type, config, scope }: { type: AnyStepType; config: unknown; scope: Scope }): unknown {
  const filled = renderFields({ schema: type.config, value: config, render: (text) => renderTemplate(text, scope) });
  const parsed = type.config.safeParse(filled);
  const faults = parsed.success
    ? (type.check?.(parsed.data) ?? []).map((fault) => ({ path: `with.${fault.path}`, message: fault.message }))
    : faultsOfZod({ error: parsed.error, input: filled, schema: type.config, path: ['with'] });
  if (faults.length === 0) return parsed.data;
  throw new InvalidInput('step.config', `The configuration of ${type.type} is wrong: ${faults.map((fault) => `${fault.path}: ${fault.message}`).join('; ')}.`, {
    details: { faults },
  });
}
