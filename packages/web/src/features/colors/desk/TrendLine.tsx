import classes from './desk.module.css';

/** The course of one figure, of two values at least; the table beside it says the numbers. */
export function TrendLine({ label, values }: { label: string; values: number[] }) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const span = high - low || 1;
  const step = 300 / (values.length - 1);
  const points = values.map((value, index) => `${(index * step).toFixed(1)},${(96 - (92 * (value - low)) / span).toFixed(1)}`);
  return (
    <svg className={classes['line']} viewBox="0 0 300 100" preserveAspectRatio="none" role="img" aria-label={`${label}: between ${low} and ${high}`}>
      <polyline points={points.join(' ')} />
    </svg>
  );
}
