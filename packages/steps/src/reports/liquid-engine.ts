// LiquidJS closed in: no files to include, own properties only, unknown filters and names are faults, bounded work.
import { Liquid } from 'liquidjs';

export const liquidLimits = { parseCharacters: 100_000, renderMs: 5_000, allocations: 50_000_000 };

export function closedLiquid(): Liquid {
  return new Liquid({
    root: [],
    partials: [],
    layouts: [],
    templates: {},
    relativeReference: false,
    dynamicPartials: false,
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: true,
    lenientIf: true,
    parseLimit: liquidLimits.parseCharacters,
    renderLimit: liquidLimits.renderMs,
    memoryLimit: liquidLimits.allocations,
  });
}
