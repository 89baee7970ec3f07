import { DataTable, type TableColumn } from '../../../shared/DataTable.tsx';
import { formatCount } from '../../../shared/format.ts';
import classes from './desk.module.css';

export interface Bar {
  name: string;
  value: number;
}

/** Figures with a bar each: chart and table in one. */
export function BarTable({ label, of, unit, bars }: { label: string; of: string; unit: string; bars: Bar[] }) {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const columns: TableColumn<Bar>[] = [
    { key: 'name', title: of, isHead: true, render: ({ name }) => name || 'None' },
    {
      key: 'bar',
      title: '',
      render: ({ value }) => (
        <div className={classes['track']} aria-hidden>
          <div className={classes['bar']} style={{ width: `${Math.max(1, (100 * value) / most)}%` }} />
        </div>
      ),
    },
    { key: 'value', title: unit, align: 'right', render: ({ value }) => formatCount(Math.round(value)) },
  ];
  return <DataTable label={label} columns={columns} rows={bars} rowKey={({ name }) => name} />;
}
