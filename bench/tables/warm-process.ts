// The peer of the table bench: a warm process that runs the SQL it is sent on an open DuckDB and says how long it took.
import { DuckDBInstance } from '@duckdb/node-api';

const instance = await DuckDBInstance.create(':memory:', { threads: process.argv[2] ?? '2', memory_limit: process.argv[3] ?? '1GB' });
const connection = await instance.connect();

process.on('message', (sql: string) => {
  const start = performance.now();
  connection.run(sql).then(
    () => process.send?.({ ms: performance.now() - start }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.send?.({ ready: true });
