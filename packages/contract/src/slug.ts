// What a slug looks like, and how one is made of a title or a file name. Without zod: the web loads this with its first page.

export const slugForm = /^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/;
export const slugRule = 'must be 1 to 64 characters of a-z, 0-9 and -, not starting or ending with -';

/** A name for addresses and documents made of a title: `Börse Köln` as `borse-koln`. Empty when nothing of it can stay. */
export function slugOf(title: string): string {
  const plain = title
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 64)
    .replace(/-+$/, '');
}

/** The slug that an uploaded file has unless told: its name without the ending, `auth.016.001.01.xsd` as `auth-016-001-01`. Digits alone are no ending but a version. */
export function fileSlugOf(fileName: string): string {
  return slugOf(fileName.replace(/(?<=.)\.(?=\d*[a-z])[a-z0-9]{1,10}$/i, '')) || 'file';
}
