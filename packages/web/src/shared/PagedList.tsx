import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { Page } from '@tidewheel/contract/page';
import type { ReactNode } from 'react';
import { DataTable, type TableColumn } from './DataTable.tsx';
import { Loaded } from './Loaded.tsx';
import { MoreButton } from './MoreButton.tsx';

interface PagedListProps<T> {
  label: string;
  query: UseInfiniteQueryResult<InfiniteData<Page<T>>, Error>;
  columns: TableColumn<T>[];
  rowKey: (row: T) => string;
  empty: ReactNode;
  one: string;
  many: string;
}

/** A list that loads page by page: skeleton, error with retry, empty state, table, foot. */
export function PagedList<T>({ label, query, columns, rowKey, empty, one, many }: PagedListProps<T>) {
  return (
    <div className="tw-card">
      <Loaded query={query}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.items);
          if (rows.length === 0) return empty;
          return (
            <>
              <DataTable label={label} columns={columns} rows={rows} rowKey={rowKey} />
              <MoreButton query={query} one={one} many={many} />
            </>
          );
        }}
      </Loaded>
    </div>
  );
}
