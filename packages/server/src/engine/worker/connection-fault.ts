/** No room on its disk or in its memory (class 53, and an I/O error): the transaction surely failed, and may succeed once there is room. */
export function isOutOfRoom(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: string };
  return code !== undefined && /^(53[012]00|58030)$/.test(code);
}

/** Whether the same statements may succeed later (server or way to it gone, no room, deadlock), as against a value it refused. */
export function isConnectionFault(error: unknown): boolean {
  if (isOutOfRoom(error)) return true;
  const { code, message } = (error ?? {}) as { code?: string; message?: string };
  if (code && /^(08|40001|40P01|57P0[123]|53300|ECONN|EPIPE|ETIMEDOUT|ENOENT|ENOTFOUND|EAI_AGAIN)/.test(code)) return true;
  return /Connection terminated|connection terminated|Client has encountered a connection error|not queryable|timeout exceeded when trying to connect|the database system is/.test(
    message ?? '',
  );
}
