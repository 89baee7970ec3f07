// Opens an address in the browser of who sits here, where there is one.
import { spawn } from 'node:child_process';

const openers: Partial<Record<NodeJS.Platform, string>> = { darwin: 'open', win32: 'explorer.exe' };

/** BROWSER names another program; empty: none. That it fails is no matter: the address is printed too. */
export function openBrowser(address: string): void {
  const program = process.env.BROWSER ?? openers[process.platform] ?? 'xdg-open';
  if (program === '') return;
  const child = spawn(program, [address], { stdio: 'ignore', detached: true });
  child.once('error', () => undefined);
  child.unref();
}
