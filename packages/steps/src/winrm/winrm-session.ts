// A shell on a host for as long as some work takes: its turn among the shells there, signed-in connections, and all of it given back.
import { toAppError } from '@tidewheel/contract/errors';
import { takeShellPlace } from './shell-places.ts';
import type { WinrmTarget } from './winrm-settings.ts';
import { isBreak, WinrmShell } from './winrm-shell.ts';
import { WsmanClient } from './wsman-client.ts';

export interface ShellWanted {
  target: WinrmTarget;
  folder?: string | undefined;
  environment?: Record<string, string>;
  signal: AbortSignal;
}

export async function withShell<T>({ target, folder, environment = {}, signal }: ShellWanted, work: (shell: WinrmShell) => Promise<T>): Promise<T> {
  using _place = await takeShellPlace({ targetId: target.id, most: target.settings.maxShells, signal });
  const client = new WsmanClient({ target });
  let isIn = false;
  try {
    await using shell = await WinrmShell.open({ client, codePage: target.settings.codePage, workingFolder: folder, environment, signal });
    isIn = true;
    target.onContact?.({ isOk: true });
    const result = await work(shell);
    target.onContact?.({ isOk: true });
    return result;
  } catch (thrown) {
    if (!signal.aborted && (!isIn || isBreak(thrown))) target.onContact?.({ isOk: false, error: toAppError(thrown) });
    throw thrown;
  } finally {
    client.close();
  }
}
