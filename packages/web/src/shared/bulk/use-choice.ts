// Which of a list something is done to: those that were chosen one by one, else all that its filters show.
import { useState } from 'react';

export interface ManyChoice<Filter> {
  selected: ReadonlySet<string>;
  select: (name: string, isOn: boolean) => void;
  clear: () => void;
  choice: { names: string[] } | { filter: Filter };
  /** `3 chosen`, `these 12`, `all 40` */
  which: string;
}

export function useChoice<Filter extends object>(filter: Filter, total: number): ManyChoice<Filter> {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  return {
    selected,
    select: (name, isOn) => setSelected((old) => new Set(isOn ? [...old, name] : [...old].filter((one) => one !== name))),
    clear: () => setSelected(new Set()),
    choice: selected.size > 0 ? { names: [...selected] } : { filter },
    which: selected.size > 0 ? `${selected.size} chosen` : isFiltered ? `these ${total}` : `all ${total}`,
  };
}
