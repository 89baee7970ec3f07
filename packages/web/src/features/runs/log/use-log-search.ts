import { searchLogs } from '@tidewheel/client/routes';
import { useEffect, useMemo, useState } from 'react';
import { api } from '../../../shared/api.ts';
import { LogSearch, noSearch, type SearchView } from './log-search.ts';
import type { LogChoice } from './use-run-log.ts';

/** So often at most the end of a growing log is looked at. */
const lookAgainMs = 1_500;

export interface RunLogSearch extends SearchView {
  lookOn: () => void;
}

/** The lines of the whole log that hold a text, also of what is added while it is open. `last`: the newest line's number. */
export function useLogSearch(run: { id: string; last: number }, { text, level, step }: LogChoice & { text: string | undefined }): RunLogSearch {
  const { id, last } = run;
  const [view, setView] = useState<SearchView>(noSearch);
  const search = useMemo(() => {
    if (text === undefined) return null;
    const query = { text, level, step: step ?? undefined };
    return new LogSearch(({ signal, ...from }) => api.call(searchLogs, { params: { id }, query: { ...query, ...from } }, { signal }), setView);
  }, [id, text, level, step]);
  useEffect(() => {
    setView(noSearch);
    void search?.lookOn();
    return () => search?.close();
  }, [search]);
  useEffect(() => {
    if (search === null || last === 0) return;
    const timer = setTimeout(() => search.grown(), lookAgainMs);
    return () => clearTimeout(timer);
  }, [search, last]);
  return { ...view, lookOn: () => void search?.lookOn() };
}
