// The content of an upload as a file that can be read, and the source whose columns fit it.

import type { ColorColumns, ColorSource } from '@tidewheel/contract/color-columns';
import { plainHeader } from '@tidewheel/contract/color-headers';
import type { FileRef } from '@tidewheel/contract/values';
import type { ObjectStore } from '../../../storage/objects/object-store.ts';
import { headersOf } from '../columns/suggest-columns.ts';
import type { IncomingFile } from '../readers/incoming.ts';
import { openIncoming } from '../readers/open-incoming.ts';

/** Opens it anew with each call: what was read of it is read again. */
export type OpenContent = () => Promise<IncomingFile>;

export function storedContent({ objects, workspaceId, file }: { objects: ObjectStore; workspaceId: string; file: FileRef }): OpenContent {
  return async () => openIncoming(await objects.localPath(workspaceId, file.sha256));
}

const looked = 60;

/** The source that names most columns, of those whose columns stand all in one of the first rows. */
export async function fittingSource(open: OpenContent, sources: readonly ColorSource[]): Promise<ColorSource | null> {
  const named = sources.map((source) => ({ source, headers: headersOf(source.columns).map(plainHeader) })).filter(({ headers }) => headers.length >= 2);
  if (named.length === 0) return null;
  const file = await open();
  let best: { source: ColorSource; count: number } | null = null;
  if (file.kind === 'lines') return null;
  for (const { rows } of file.tables) {
    let seen = 0;
    for await (const { cells } of rows) {
      const there = new Set(cells.map(({ text }) => plainHeader(text)));
      for (const { source, headers } of named)
        if (headers.length > (best?.count ?? 0) && headers.every((header) => there.has(header))) best = { source, count: headers.length };
      seen += 1;
      if (seen >= looked) break;
    }
  }
  return best?.source ?? null;
}

/** By whose columns a content is read: those that are given, of the source that is named, or that fit. */
export interface Reading {
  source: ColorSource | null;
  columns: ColorColumns | null;
}

export async function chooseReading({
  open,
  sources,
  named,
  columns,
}: {
  open: OpenContent;
  sources: readonly ColorSource[];
  named: ColorSource | null;
  columns?: ColorColumns | undefined;
}): Promise<Reading> {
  if (columns) return { source: named, columns };
  const source = named ?? (await fittingSource(open, sources));
  return { source, columns: source?.columns ?? null };
}
