// Which bonds a text means. Pure.
import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import type { Database } from '../../../storage/schema.ts';

/** `acme corp` as a question to Postgres' words: each word begins one of the bond's. Undefined where no letter or digit is in it. */
export function wordsQuestion(text: string): string | undefined {
  // Nothing but letters, digits and our own operators reaches to_tsquery, so no text can be refused by it.
  const words = text.normalize('NFC').match(/[\p{L}\p{N}]+/gu);
  return words ? words.map((word) => `'${word}':*`).join(' & ') : undefined;
}

/** Everything that begins with it, for a `like` by an index. */
export function beginning(text: string): string {
  return `${text.toUpperCase().replace(/[\\%_]/g, String.raw`\$&`)}%`;
}

export function meant({ or }: ExpressionBuilder<Database, 'color_security'>, text: string): Expression<SqlBool> {
  const begin = beginning(text);
  const words = wordsQuestion(text);
  return or([
    sql<SqlBool>`color_security.cusip like ${begin}`,
    sql<SqlBool>`color_security.isin like ${begin}`,
    sql<SqlBool>`upper(color_security.ticker) like ${begin}`,
    ...(words === undefined ? [] : [sql<SqlBool>`color_security.words @@ to_tsquery('simple', ${words})`]),
  ]);
}
