/** The folder that a filter asks for while it is typed: what no folder can hold is left out, and it may end in a slash. */
export function folderOf(text: string | undefined): string | undefined {
  const kept = text
    ?.toLowerCase()
    .replace(/[^a-z0-9/-]/g, '')
    .replace(/\/+/g, '/')
    .replace(/^\/|\/$/g, '');
  return kept === '' ? undefined : kept;
}
