// Where a step that reads a local file through a folder connection finds it.

import { stat } from 'node:fs/promises';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { OpenConnection } from '@tidewheel/kit/step-context';
import { folderOf } from '../connectors/folder.connector.ts';
import { existingPath } from './folder-path.ts';

/** The real local path of a regular file below the connection's root. @throws NotFound with the closest name, InvalidInput for a path that leaves the root */
export async function localFileOf(connection: OpenConnection, file: string): Promise<string> {
  const found = await existingPath({ root: folderOf(connection).root, file });
  if ((await stat(found)).isFile()) return found;
  throw new InvalidInput('file.kind', `${JSON.stringify(file)} in the connection "${connection.slug}" is not a regular file.`, {
    hint: 'Name a file; for several files use file.read with a pattern.',
  });
}
