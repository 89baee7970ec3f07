import { useState } from 'react';

interface Kept {
  text: string;
  /** What was changed: more of the same is one step back. */
  tag: string;
}

/** Undo and redo of a text that others change too: what they changed is a step of its own. */
export function useTextHistory(text: string, change: (text: string) => void) {
  const [past, setPast] = useState<Kept[]>([]);
  const [future, setFuture] = useState<string[]>([]);
  const back = past.at(-1);
  const ahead = future.at(-1);
  return {
    change: (next: string, tag = '') => {
      if (next === text) return;
      if (tag === '' || back?.tag !== tag) setPast([...past.slice(-199), { text, tag }]);
      setFuture([]);
      change(next);
    },
    undo: back && {
      run: () => {
        setPast(past.slice(0, -1));
        setFuture([...future, text]);
        change(back.text);
      },
    },
    redo:
      ahead === undefined
        ? undefined
        : {
            run: () => {
              setFuture(future.slice(0, -1));
              setPast([...past, { text, tag: '' }]);
              change(ahead);
            },
          },
  };
}
export type TextHistory = ReturnType<typeof useTextHistory>;
