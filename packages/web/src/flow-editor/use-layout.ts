import type { FlowDocument } from '@tidewheel/contract/flow-document';
import { useEffect, useMemo, useState } from 'react';
import { layOut } from './elk.ts';
import { findLayout, type Layout, type Size, shapeKey } from './layout.ts';

/** The layout that fits the box; null until first laid out. The old one stays while a new one is computed. */
export function useLayout(steps: FlowDocument['steps'], box: Size): { layout: Layout | null; key: string; error: Error | null } {
  const shape = useMemo(() => shapeKey(steps), [steps]);
  // A few pixels more or less are no reason to lay out again.
  const width = Math.round(box.width / 80) * 80;
  const height = Math.round(box.height / 80) * 80;
  const [laid, setLaid] = useState<{ layout: Layout | null; key: string; error: Error | null }>({ layout: null, key: '', error: null });
  // biome-ignore lint/correctness/useExhaustiveDependencies: `shape` stands for the steps
  useEffect(() => {
    if (width === 0 || height === 0) return;
    let isCurrent = true;
    findLayout({ steps, box: { width, height }, layOut }).then(
      (layout) => isCurrent && setLaid({ layout, key: `${width}x${height} ${shape}`, error: null }),
      (error: unknown) => isCurrent && setLaid((old) => ({ ...old, error: error instanceof Error ? error : new Error(String(error)) })),
    );
    return () => {
      isCurrent = false;
    };
  }, [shape, width, height]);
  return laid;
}
