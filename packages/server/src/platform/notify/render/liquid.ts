// LiquidJS closed in: no files to include, own properties only, unknown filters are faults, bounded work.
import { Liquid } from 'liquidjs';

export const liquidLimits = { parseCharacters: 100_000, renderMs: 1_500, allocations: 5_000_000 };

/** `strict`: an unknown name is a fault, too. `escapes`: what is put out is escaped for HTML, unless the template says raw. */
export function messageLiquid({ strict, escapes }: { strict: boolean; escapes: boolean }): Liquid {
  return new Liquid({
    root: [],
    partials: [],
    layouts: [],
    templates: {},
    relativeReference: false,
    dynamicPartials: false,
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: strict,
    lenientIf: true,
    parseLimit: liquidLimits.parseCharacters,
    renderLimit: liquidLimits.renderMs,
    memoryLimit: liquidLimits.allocations,
    ...(escapes ? { outputEscape: 'escape' as const } : {}),
  });
}
