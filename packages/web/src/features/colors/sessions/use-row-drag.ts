// Rows are dragged by their line to another place; Alt with the arrows and the menu do the same.
import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';

interface Options {
  box: RefObject<HTMLDivElement | null>;
  rowHeight: number;
  headHeight: number;
  total: number;
  onDrop(from: number, before: number): void;
}
interface Held {
  from: number;
  y: number;
}

/** @returns the row before which they would come to stand, while they are dragged */
export function useRowDrag({ box, rowHeight, headHeight, total, onDrop }: Options): { before: number | null; onPointerDown(event: PointerEvent): void } {
  const [before, setBefore] = useState<number | null>(null);
  const held = useRef<Held | null>(null);
  const latest = useRef({ onDrop, total });
  latest.current = { onDrop, total };
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    let target: number | null = null;
    const move = (event: globalThis.PointerEvent) => {
      if (held.current === null || (target === null && Math.abs(event.clientY - held.current.y) < 6)) return;
      const { top, bottom } = element.getBoundingClientRect();
      if (event.clientY < top + headHeight + 20) element.scrollTop -= rowHeight;
      if (event.clientY > bottom - 30) element.scrollTop += rowHeight;
      target = Math.max(0, Math.min(latest.current.total, Math.round((event.clientY - top - headHeight + element.scrollTop) / rowHeight)));
      setBefore(target);
    };
    const end = (isDropped: boolean) => {
      const { current } = held;
      if (isDropped && current !== null && target !== null && target !== current.from && target !== current.from + 1)
        latest.current.onDrop(current.from, target);
      held.current = null;
      target = null;
      setBefore(null);
    };
    const drop = () => end(true);
    const giveUp = (event: KeyboardEvent) => event.key === 'Escape' && end(false);
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', drop);
    window.addEventListener('keydown', giveUp, true);
    return () => {
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', drop);
      window.removeEventListener('keydown', giveUp, true);
    };
  }, [box, rowHeight, headHeight]);
  const onPointerDown = (event: PointerEvent) => {
    const line = (event.target as HTMLElement).closest('tbody th')?.closest<HTMLElement>('[data-index]')?.dataset['index'];
    if (line !== undefined && event.button === 0) held.current = { from: Number(line), y: event.clientY };
  };
  return { before, onPointerDown };
}
