/** Whether the same statements may succeed later (server or way to it gone, deadlock), as against a value it refused. */
export function isConnectionFault(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: string; message?: string };
  if (code && /^(08|40001|40P01|57P0[123]|53300|ECONN|EPIPE|ETIMEDOUT|ENOENT|ENOTFOUND|EAI_AGAIN)/.test(code)) return true;
  return /Connection terminated|connection terminated|Client has encountered a connection error|not queryable|timeout exceeded when trying to connect|the database system is/.test(
    message ?? '',
  );
}
