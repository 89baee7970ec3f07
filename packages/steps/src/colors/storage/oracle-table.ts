// Colors as rows of a table in Oracle: arrays of values in one call, what a processing had replaced in one transaction.
import { Bug } from '@tidewheel/contract/errors';
import { withDatabase } from '../../sql/databases.ts';
import {
  type ColorStorage,
  type LoadedFile,
  type StoredColumn,
  type StoredDays,
  type StoredKind,
  type StoredProcessing,
  storedColumns,
} from './color-storage.ts';
import { columnLines, columnList, copyRows, replaceRows, type SqlTableOptions, storingMs } from './sql-columns.ts';

const types: Readonly<Record<StoredKind, string>> = {
  text: 'varchar2(1200)',
  long: 'clob',
  number: 'number(18,6)',
  integer: 'number(10)',
  date: 'date',
  instant: 'timestamp(3) with time zone',
};
const instantForm = `'YYYY-MM-DD"T"HH24:MI:SS.FF3"Z" TZH:TZM'`;

export class OracleTable implements ColorStorage {
  readonly #options: SqlTableOptions;

  constructor(options: SqlTableOptions) {
    this.#options = options;
  }

  async setup(): Promise<string[]> {
    const { ctx, connection, table } = this.#options;
    await withDatabase(ctx, {
      connection,
      work: (session) => session.execute({ sql: makeTable(table), parameters: {}, timeoutMs: storingMs }, { keep: 0 }),
    });
    return [];
  }

  keep(processing: StoredProcessing): Promise<{ rows: number; where: string }> {
    const { table } = this.#options;
    const sql = `insert into ${table} (${columnList}) values (${storedColumns.map(given).join(', ')})`;
    return replaceRows(this.#options, {
      processing,
      insert: async (session, rows) => {
        if (!session.executeMany) throw new Bug('color.storage', 'this session writes no arrays of values');
        await session.executeMany({ sql, rows, timeoutMs: storingMs });
      },
    });
  }

  load(days: StoredDays, file: LoadedFile): Promise<number> {
    return copyRows(this.#options, { sql: loadColors(this.#options.table), days, file });
  }
}

/** Unless it is there (ORA-00955). */
export function makeTable(table: string): string {
  const create = `create table ${table} (${columnLines(types)})`;
  return `begin execute immediate '${create}'; exception when others then if sqlcode != -955 then raise; end if; end;`;
}

export function loadColors(table: string): string {
  const columns = storedColumns.map(({ name, column, kind }) => `${kind === 'date' ? `to_char(${column}, 'YYYY-MM-DD')` : column} as "${name}"`);
  const days = `processing_day between to_date(:from, 'YYYY-MM-DD') and to_date(:to, 'YYYY-MM-DD')`;
  return `select ${columns.join(', ')} from ${table} where ${days} order by processing_day, processing, row_no`;
}

function given({ name, kind }: StoredColumn): string {
  if (kind === 'date') return `to_date(:${name}, 'YYYY-MM-DD')`;
  return kind === 'instant' ? `to_timestamp_tz(nvl2(:${name}, :${name} || ' +00:00', null), ${instantForm})` : `:${name}`;
}
