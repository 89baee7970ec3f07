// How many shells one process opens on a host at a time: a host allows a user only so many, and says so with an error.
interface Waiting {
  open: number;
  queue: (() => void)[];
}

const hosts = new Map<string, Waiting>();

/** Waits for its turn. @returns what gives the place back. @throws the signal's reason */
export async function takeShellPlace({ targetId, most, signal }: { targetId: string; most: number; signal: AbortSignal }): Promise<Disposable> {
  signal.throwIfAborted();
  const host = hosts.get(targetId) ?? { open: 0, queue: [] };
  hosts.set(targetId, host);
  if (host.open >= most) await waitForTurn(host, signal);
  else host.open += 1;
  return { [Symbol.dispose]: () => giveBack(targetId, host) };
}

function waitForTurn(host: Waiting, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      host.queue = host.queue.filter((one) => one !== enter);
      reject(signal.reason as Error);
    };
    // The place is handed over, so `open` stays as it is.
    const enter = () => {
      signal.removeEventListener('abort', leave);
      resolve();
    };
    host.queue.push(enter);
    signal.addEventListener('abort', leave, { once: true });
  });
}

function giveBack(targetId: string, host: Waiting): void {
  const next = host.queue.shift();
  if (next) {
    next();
    return;
  }
  host.open -= 1;
  if (host.open === 0) hosts.delete(targetId);
}
