// Sums of floating-point numbers that do not depend on the order in which threads deliver them.
// Each number is split into two integers, multiples of 2^-20 and of 2^-80, whose sums are exact; they are put together once at the end.
// Numbers of 2^42 and above go by multiples of 2^-10; above 2^86 (and infinities) they are added as they come.

const high = 'CAST(v * 1048576.0::DOUBLE AS BIGINT)';

export const exactSumMacros = [
  `CREATE MACRO "~small"(v) AS (abs(v) < 4398046511104.0::DOUBLE)`,
  `CREATE MACRO "~high"(v) AS (CASE WHEN "~small"(v) THEN ${high} END)`,
  `CREATE MACRO "~low"(v) AS (CASE WHEN "~small"(v) THEN CAST((v - ${high} / 1048576.0::DOUBLE) * 1208925819614629174706176.0::DOUBLE AS BIGINT) END)`,
  `CREATE MACRO "~big"(v) AS (CASE WHEN NOT "~small"(v) AND abs(v) < 77371252455336267181195264.0::DOUBLE THEN CAST(v * 1024.0::DOUBLE AS HUGEINT) END)`,
  `CREATE MACRO "~rest"(v) AS (CASE WHEN NOT abs(v) < 77371252455336267181195264.0::DOUBLE THEN v END)`,
].join('; ');

/** The sum of a column of type DOUBLE or FLOAT; `filter` is an aggregate's FILTER clause or empty. NULL when there is nothing to add. */
export function exactSum(column: string, filter: string): string {
  const value = `${column}::DOUBLE`;
  const part = (name: string) => `coalesce(sum("~${name}"(${value}))${filter}, 0)::DOUBLE`;
  const sum = `${part('rest')} + ${part('big')} / 1024.0::DOUBLE + ${part('high')} / 1048576.0::DOUBLE + ${part('low')} / 1208925819614629174706176.0::DOUBLE`;
  return `CASE WHEN count(${column})${filter} = 0 THEN NULL ELSE ${sum} END`;
}
