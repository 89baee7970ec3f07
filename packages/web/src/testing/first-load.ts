// How much JavaScript a page needs before it can show itself, from Vite's manifest.

export interface ManifestChunk {
  file: string;
  isEntry?: boolean;
  imports?: string[];
  dynamicImports?: string[];
}
export type Manifest = Record<string, ManifestChunk>;

/** The entry with everything it imports at once, and a page's own chunks where one is named. */
export function firstLoadFiles(manifest: Manifest, page?: string): string[] {
  const entry = Object.keys(manifest).find((key) => manifest[key]?.isEntry);
  const files = new Set<string>();
  const take = (key: string | undefined): void => {
    const chunk = key === undefined ? undefined : manifest[key];
    if (chunk === undefined || files.has(chunk.file)) return;
    files.add(chunk.file);
    chunk.imports?.forEach(take);
  };
  take(entry);
  take(page);
  return [...files].filter((file) => file.endsWith('.js'));
}
