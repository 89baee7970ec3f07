// Colors as rows of a table in Postgres: what a processing had is replaced in one transaction.
import { withDatabase } from '../../sql/databases.ts';
import { type ColorStorage, type LoadedFile, type StoredDays, type StoredKind, type StoredProcessing, storedColumns, storedRows } from './color-storage.ts';
import { columnLines, columnList, type SqlTableOptions, storingMs } from './sql-columns.ts';

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

  async keep(processing: StoredProcessing): Promise<{ rows: number; where: string }> {
    const { ctx, connection, table } = this.#options;
    const insert = `insert into ${table} (${columnList}) select r.* from jsonb_to_recordset(cast(:rows as jsonb)) as r(${fields})`;
    const rows = await withDatabase(ctx, {
      connection,
      work: (session) =>
        session.transaction({ readOnly: false }, async () => {
          const { id } = processing;
          await session.execute({ sql: `delete from ${table} where processing = :id`, parameters: { id }, timeoutMs: storingMs }, { keep: 0 });
          let count = 0;
          for await (const batch of storedRows(processing)) {
            await session.execute({ sql: insert, parameters: { rows: JSON.stringify(batch) }, timeoutMs: storingMs }, { keep: 0 });
            count += batch.length;
          }
          return count;
        }),
    });
    return { rows, where: `${connection.slug}: ${table}` };
  }

  async load({ from, to }: StoredDays, options: LoadedFile): Promise<number> {
    const { ctx, connection, table } = this.#options;
    const sql = `select ${loaded} from ${table} where processing_day between cast(:from as date) and cast(:to as date) order by processing_day, processing, row_no`;
    const query = { sql, parameters: { from, to }, timeoutMs: storingMs };
    const copied = await withDatabase(ctx, { connection, work: (session) => session.copyOut(query, { ...options, maxBytes: Number.MAX_SAFE_INTEGER }) });
    return copied.rows;
  }
}
