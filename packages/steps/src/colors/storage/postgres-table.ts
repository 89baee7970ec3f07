// Colors as rows of a table in Postgres: what a processing had is replaced in one transaction.
import { withDatabase } from '../../sql/databases.ts';
import { type ColorStorage, type LoadedFile, type StoredDays, type StoredKind, type StoredProcessing, storedColumns } from './color-storage.ts';
import { columnLines, columnList, copyRows, replaceRows, type SqlTableOptions, storingMs } from './sql-columns.ts';

const types: Readonly<Record<StoredKind, string>> = {
  text: 'text',
  long: 'text',
  number: 'numeric(18,6)',
  integer: 'integer',
  date: 'date',
  instant: 'timestamptz',
};
const fields = storedColumns.map(({ name, kind }) => `"${name}" ${types[kind]}`).join(', ');
const loaded = storedColumns.map(({ name, column }) => `${column} as "${name}"`).join(', ');

export class PostgresTable implements ColorStorage {
  readonly #options: SqlTableOptions;

  constructor(options: SqlTableOptions) {
    this.#options = options;
  }

  async setup(): Promise<string[]> {
    const { ctx, connection, table } = this.#options;
    return withDatabase(ctx, {
      connection,
      work: async (session) => {
        const there = await session.execute({ sql: 'select to_regclass(:table) is not null', parameters: { table }, timeoutMs: storingMs }, { keep: 1 });
        if (there.result?.rows[0]?.[0] === true) return [];
        await session.execute({ sql: `create table if not exists ${table} (${columnLines(types)})`, parameters: {}, timeoutMs: storingMs }, { keep: 0 });
        return [`Made the table ${table}.`];
      },
    });
  }

  keep(processing: StoredProcessing): Promise<{ rows: number; where: string }> {
    const { table } = this.#options;
    const sql = `insert into ${table} (${columnList}) select r.* from jsonb_to_recordset(cast(:rows as jsonb)) as r(${fields})`;
    return replaceRows(this.#options, {
      processing,
      insert: (session, rows) => session.execute({ sql, parameters: { rows: JSON.stringify(rows) }, timeoutMs: storingMs }, { keep: 0 }),
    });
  }

  load(days: StoredDays, file: LoadedFile): Promise<number> {
    const { table } = this.#options;
    const sql = `select ${loaded} from ${table} where processing_day between cast(:from as date) and cast(:to as date) order by processing_day, processing, row_no`;
    return copyRows(this.#options, { sql, days, file });
  }
}
