// How every bench prints: a table for people, one JSON line with --json.

export interface BenchResult {
  name: string;
  value: number;
  unit: string;
  /** What was measured beside it in the same run: the peer or the raw limit. */
  limit: number | null;
  ratio: number | null;
  goal: number | null;
  met: boolean | null;
}

const rounded = (value: number | null) => (value === null ? null : Number(value.toPrecision(4)));

/** Exits with 1 when a goal was missed. */
export function report({ bench, results }: { bench: string; results: BenchResult[] }): void {
  const shown = results.map((result) => ({ ...result, value: rounded(result.value), limit: rounded(result.limit), ratio: rounded(result.ratio) }));
  if (process.argv.includes('--json')) console.log(JSON.stringify({ bench, results: shown }));
  else console.table(Object.fromEntries(shown.map(({ name, ...rest }) => [name, rest])));
  if (results.some((result) => result.met === false)) process.exitCode = 1;
}
