// The files that a backup carries, one after another.
import type { ObjectStore } from '../../storage/objects/object-store.ts';
import { linesOf, parsedObject } from './backup-file.ts';

export interface CarriedObject {
  sha256: string;
  size: number;
  /** To be read before the next one is asked for. */
  pieces: AsyncIterable<Buffer>;
}

export async function* objectsIn(file: string): AsyncGenerator<CarriedObject> {
  const lines = linesOf(file);
  try {
    let line = await lines.next();
    while (!line.done) {
      if (!line.value.startsWith('O')) {
        line = await lines.next();
        continue;
      }
      const carried = parsedObject(line.value);
      let isRead = false;
      const pieces = async function* (): AsyncGenerator<Buffer> {
        for (line = await lines.next(); !line.done && line.value.startsWith('C'); line = await lines.next()) yield Buffer.from(line.value.slice(1), 'base64');
        isRead = true;
      };
      yield { ...carried, pieces: pieces() };
      if (!isRead) line = await lines.next();
    }
  } finally {
    await lines.return(undefined);
  }
}

/** How many of them the object store does not have. */
export async function missingFiles(
  objects: ObjectStore,
  { file, workspaceId }: { file: string; workspaceId: string },
): Promise<{ missing: number; same: number }> {
  const counts = { missing: 0, same: 0 };
  for await (const { sha256 } of objectsIn(file)) {
    if (await objects.has(workspaceId, sha256)) counts.same += 1;
    else counts.missing += 1;
  }
  return counts;
}
