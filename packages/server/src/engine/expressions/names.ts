// Whether the names in an expression stand for something.
import { closest } from '../../base/text.ts';
import type { Compiled } from './compile.ts';
import { scopeNames } from './scope.ts';

/** Names that CEL itself knows: types, as in `type(x) == int`. */
const builtIn = new Set(['int', 'uint', 'double', 'bool', 'string', 'bytes', 'list', 'map', 'null_type', 'type', 'google']);

/** The first name in an expression that stands for nothing. */
export function unknownName({
  compiled,
  parameters,
  steps,
}: {
  compiled: Compiled;
  parameters: readonly string[];
  steps: readonly string[] | null;
}): { message: string; hint?: string } | null {
  for (const name of compiled.names) {
    if (parameters.includes(name) || (scopeNames as readonly string[]).includes(name) || builtIn.has(name)) continue;
    const slip = closest(name, [...parameters, ...scopeNames]);
    return {
      message: slip ? `there is no parameter "${name}"; did you mean "${slip}"?` : `there is no parameter "${name}"`,
      hint: 'Expressions see the parameters, steps, run, now and today; text stands in quotes.',
    };
  }
  if (steps === null || compiled.steps.size === 0) return null;
  const known = new Set(steps);
  for (const name of compiled.steps) {
    if (known.has(name)) continue;
    const slip = closest(name, known);
    return { message: slip ? `there is no step "${name}"; did you mean "${slip}"?` : `there is no step "${name}"` };
  }
  return null;
}
