import { Text } from '@mantine/core';
import type { PricePoint } from '@tidewheel/contract/routes/color-search';
import { DataTable, type TableColumn } from '../../../shared/DataTable.tsx';
import classes from './PriceChart.module.css';
import { drawPrices, type PriceDrawing } from './price-lines.ts';

const size = { width: 600, height: 180 };
/** Told apart without colour, too. */
const dashes = ['', '6 3', '2 3', '8 3 2 3', '1 4', '12 4'];

/** The last price of each day and bias as lines; the table beside it says the same. */
export function PriceChart({ points }: { points: PricePoint[] }) {
  const drawing = drawPrices(points, size);
  if (!drawing) return <Text c="dimmed">No color of it has a price in these days.</Text>;
  return (
    <div className={classes['both']}>
      <div>
        <Drawing drawing={drawing} />
        <ul className={classes['key']} aria-label="Lines">
          {drawing.lines.map(({ bias }, index) => (
            <li key={bias}>
              <svg width="28" height="8" aria-hidden>
                <path d="M0 4H28" className={classes['line']} strokeDasharray={dashes[index % dashes.length]} />
              </svg>
              {bias}
            </li>
          ))}
        </ul>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section className={classes['table']} tabIndex={0} aria-label="Prices by day">
        <DataTable label="Prices" columns={columns} rows={points.toReversed()} rowKey={({ date, bias }) => `${date}${bias}`} />
      </section>
    </div>
  );
}

function Drawing({ drawing }: { drawing: PriceDrawing }) {
  const { lines, low, high, first, last } = drawing;
  const label = `Last price of each day from ${first} to ${last}: between ${low} and ${high}. The table says each.`;
  return (
    <svg viewBox={`-60 -12 ${size.width + 72} ${size.height + 44}`} className={classes['drawing']} role="img" aria-label={label}>
      {rulesOf(drawing).map(({ price, y }) => (
        <g key={y}>
          <path d={`M0 ${y}H${size.width}`} className={classes['rule']} />
          <text x={-8} y={y + 4} textAnchor="end">
            {Number(price.toFixed(3))}
          </text>
        </g>
      ))}
      <text x={0} y={size.height + 24}>
        {first}
      </text>
      {last !== first && (
        <text x={size.width} y={size.height + 24} textAnchor="end">
          {last}
        </text>
      )}
      {lines.map(({ bias, path, points }, index) => (
        <g key={bias}>
          <path d={path} className={classes['line']} strokeDasharray={dashes[index % dashes.length]} />
          {points.length <= 120 &&
            points.map(({ x, y, title }) => (
              <circle key={title} cx={x} cy={y} r={2.5} className={classes['point']}>
                <title>{title}</title>
              </circle>
            ))}
        </g>
      ))}
    </svg>
  );
}

/** Where prices are written at the side: one line where there is one price. */
function rulesOf({ low, high }: PriceDrawing): { price: number; y: number }[] {
  if (low === high) return [{ price: low, y: size.height / 2 }];
  return [high, (low + high) / 2, low].map((price, index) => ({ price, y: (index * size.height) / 2 }));
}

const columns: TableColumn<PricePoint>[] = [
  { key: 'date', title: 'Date', isHead: true, render: ({ date }) => <span style={{ whiteSpace: 'nowrap' }}>{date}</span> },
  { key: 'bias', title: 'Bias', render: ({ bias }) => bias ?? '–' },
  { key: 'low', title: 'Low', align: 'right', render: ({ low }) => low ?? '–' },
  { key: 'high', title: 'High', align: 'right', render: ({ high }) => high ?? '–' },
  { key: 'last', title: 'Last', align: 'right', render: ({ last }) => last ?? '–' },
  { key: 'colors', title: 'Colors', align: 'right', render: ({ colors }) => colors },
];
