import type { FlowDocument } from '@tidewheel/contract/flow-document';
import { useEffect, useMemo, useState } from 'react';
import { layOut } from './elk.ts';
import { type Direction, type Positions, positionsOf, shapeOf, toElkGraph } from './layout.ts';

/** Positions of the steps; null until first laid out. The old ones stay while new ones are computed. */
export function useLayout(steps: FlowDocument['steps'], direction: Direction): { positions: Positions | null; key: string } {
  const shape = useMemo(() => shapeOf(steps), [steps]);
  const [laid, setLaid] = useState<{ positions: Positions; key: string } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for the steps
  useEffect(() => {
    let isCurrent = true;
    void layOut(toElkGraph(steps, direction)).then((graph) => {
      if (isCurrent) setLaid({ positions: positionsOf(graph), key: `${direction}${shape}` });
    });
    return () => {
      isCurrent = false;
    };
  }, [shape, direction]);
  return { positions: laid?.positions ?? null, key: laid?.key ?? '' };
}
