// A file system that is soon full, for tests of what happens then: tmpfs, where the machine lets us mount one.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Why none can be mounted here; undefined when one can. */
export const smallDiskMissing: string | undefined = whyNot();

function whyNot(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root may mount';
  const probe = mkdtempSync(path.join(tmpdir(), 'tw-mount-'));
  try {
    mountSmallDisk(probe, '64k')[Symbol.dispose]();
    return undefined;
  } catch {
    return 'this machine does not let us mount';
  } finally {
    rmdirSync(probe);
  }
}

export interface SmallDisk extends Disposable {
  resize(size: string): void;
}

export function mountSmallDisk(folder: string, size: string): SmallDisk {
  const mount = (...args: string[]) => execFileSync('mount', args, { stdio: 'pipe' });
  mount('-t', 'tmpfs', '-o', `size=${size},mode=777`, 'none', folder);
  return {
    resize: (larger) => void mount('-o', `remount,size=${larger}`, folder),
    [Symbol.dispose]: () => void execFileSync('umount', [folder], { stdio: 'pipe' }),
  };
}
