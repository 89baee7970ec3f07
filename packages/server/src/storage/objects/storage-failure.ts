// What the file system's errors mean to a person: a full disk and a refused folder are not our defects, and both can pass by themselves.
import { AppError, Unreachable } from '@tidewheel/contract/errors';

const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const refused = new Set(['EACCES', 'EPERM', 'EROFS']);

export function storageFailure(thrown: unknown, where: string): unknown {
  if (thrown instanceof AppError) return thrown;
  const code = (thrown as NodeJS.ErrnoException | null)?.code;
  if (typeof code !== 'string') return thrown;
  if (full.has(code)) {
    return new Unreachable('storage.full', `There is no space left to store this in ${where} (${code}).`, {
      hint: 'Free space on that disk or raise the quota; the step is tried again by itself.',
      cause: thrown,
    });
  }
  if (refused.has(code)) {
    return new Unreachable('storage.refused', `The object store may not write to ${where} (${code}).`, {
      hint: 'Give the user that runs Tidewheel the right to write there.',
      cause: thrown,
    });
  }
  return new Unreachable('storage.failed', `The object store failed at ${where} (${code}).`, {
    hint: 'Look at the disk and its mount; the step is tried again by itself.',
    cause: thrown,
  });
}

/** Runs a file system operation of the store; errors of anything else (the content that is being stored, say) must not pass through here. */
export async function storing<T>(where: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw storageFailure(thrown, where);
  }
}
