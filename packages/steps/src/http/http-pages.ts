// From one page of an answer to the next.
import { InvalidInput } from '@tidewheel/contract/errors';
import { z } from 'zod';

const parameter = (usual: string) => z.string().min(1).max(100).default(usual).meta({ title: 'Parameter of the query' });

export const pagesField = z
  .discriminatedUnion('by', [
    z.strictObject({ by: z.literal('link') }).meta({ title: 'Link header (rel="next")' }),
    z
      .strictObject({
        by: z.literal('cursor'),
        field: z
          .string()
          .min(1)
          .max(200)
          .meta({ title: 'Field of the next cursor', examples: ['meta.next'] }),
        parameter: parameter('cursor'),
      })
      .meta({ title: 'A cursor in the answer' }),
    z
      .strictObject({ by: z.literal('page'), parameter: parameter('page'), first: z.number().int().min(0).default(1).meta({ title: 'First page' }) })
      .meta({ title: 'Page numbers' }),
  ])
  .optional()
  .meta({ title: 'Pages' });
export type Pages = z.output<typeof pagesField>;

/** `a.b.0.c` in a JSON value; undefined where nothing is there. An empty path is the whole. */
export function fieldAt(value: unknown, path: string): unknown {
  if (path === '') return value;
  return path
    .split('.')
    .reduce<unknown>(
      (inner, key) => (inner !== null && typeof inner === 'object' && Object.hasOwn(inner, key) ? (inner as Record<string, unknown>)[key] : undefined),
      value,
    );
}

export function firstPage(url: URL, pages: Pages): URL {
  if (pages?.by !== 'page') return url;
  const first = new URL(url);
  first.searchParams.set(pages.parameter, String(pages.first));
  return first;
}

/** null: there is none. @throws InvalidInput for a cursor that is neither text nor number */
export function nextPage(
  url: URL,
  { pages, answer, json, items }: { pages: Pages; answer: Pick<Response, 'headers'>; json: unknown; items: number },
): URL | null {
  if (!pages) return null;
  if (pages.by === 'link') return linkOf(answer.headers.get('link') ?? '', url);
  const next = new URL(url);
  if (pages.by === 'page') {
    if (items === 0) return null;
    next.searchParams.set(pages.parameter, String(Number(url.searchParams.get(pages.parameter) ?? pages.first) + 1));
    return next;
  }
  const cursor = fieldAt(json, pages.field);
  if (cursor === undefined || cursor === null || cursor === '' || cursor === false) return null;
  if (typeof cursor !== 'string' && typeof cursor !== 'number')
    throw new InvalidInput('http.cursor', `${pages.field} of the answer is no cursor.`, { hint: 'Name a field that holds a text or a number.' });
  if (String(cursor) === url.searchParams.get(pages.parameter))
    throw new InvalidInput('http.cursor', `${pages.field} of the answer is the cursor that was sent: it would go on for ever.`);
  next.searchParams.set(pages.parameter, String(cursor));
  return next;
}

/** RFC 8288, as far as it is in use: `<address>; rel="next"`. */
function linkOf(header: string, base: URL): URL | null {
  for (const [, target = '', parameters = ''] of header.slice(0, 10_000).matchAll(/<([^<>]{1,2000})>([^<]*)/g))
    if (/;\s*rel\s*=\s*"?[^";,]*\bnext\b/i.test(parameters) && URL.canParse(target, base.href)) return new URL(target, base);
  return null;
}
