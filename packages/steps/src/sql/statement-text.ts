// Reads SQL only so far as to know where its statements end and where `:name` stands for a value: not in texts, comments and quoted names. What a server makes of
// the text is its own business; values are bound by the driver whatever is found here.
import { closest } from '@tidewheel/contract/closest';
import { InvalidInput } from '@tidewheel/contract/errors';

/** How a database's own SQL is written. */
export interface SqlDialect {
  /** `\'` does not end a text. */
  backslashEscapes: boolean;
  /** `$$ … $$`, `$body$ … $body$`. */
  dollarQuotes: boolean;
  /** `[a name]` */
  brackets: boolean;
  /** `# to the end of the line` */
  hashComments: boolean;
  nestedComments: boolean;
  /** `q'[it's]'` is a text. */
  textQuotes?: boolean;
}

/** Text, and between the texts names of values. */
export interface StatementText {
  texts: string[];
  names: string[];
}

const quoteEnds: Readonly<Record<string, string>> = { "'": "'", '"': '"', '`': '`' };

const textQuoteEnds: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}', '<': '>' };

/** The statements of a text without those that are empty. */
export function readStatements(sql: string, dialect: SqlDialect): StatementText[] {
  const reader = new Reader(sql, dialect);
  reader.read();
  return reader.statements;
}

/** The only statement of a text. @throws InvalidInput when it has none or several */
export function readOne(sql: string, dialect: SqlDialect): StatementText {
  const [first, ...further] = readStatements(sql, dialect);
  if (first && further.length === 0) return first;
  throw new InvalidInput('sql.several', first ? `The text has ${further.length + 1} statements, and one query is needed here.` : 'The text has no statement.', {
    hint: first ? 'Run the others in a sql.execute step before.' : 'Write a query.',
  });
}

/** The statement as a driver takes it: `place` says what stands for the value with this name. */
export function placed({ texts, names }: StatementText, place: (name: string) => string): string {
  return texts.map((text, index) => (index < names.length ? text + place(names[index] as string) : text)).join('');
}

/** The statement as it was written. */
export function written(statement: StatementText): string {
  return placed(statement, (name) => `:${name}`);
}

/** Each name once, in order. @throws InvalidInput for one that has no value */
export function namesIn({ names }: StatementText, parameters: Readonly<Record<string, unknown>>): string[] {
  const distinct = [...new Set(names)];
  const unknown = distinct.find((name) => !Object.hasOwn(parameters, name));
  if (unknown === undefined) return distinct;
  const known = Object.keys(parameters);
  const close = closest(unknown, known);
  throw new InvalidInput('sql.unknown_name', `There is no value for :${unknown}.`, {
    hint: close ? `Did you mean :${close}?` : known.length > 0 ? `There are ${known.map((name) => `:${name}`).join(', ')}.` : 'Name it in `parameters`.',
  });
}

class Reader {
  readonly statements: StatementText[] = [];
  readonly #sql: string;
  readonly #dialect: SqlDialect;
  #at = 0;
  #textStart = 0;
  #current: StatementText = { texts: [], names: [] };
  /** Something other than space and comments was seen. */
  #isFilled = false;

  constructor(sql: string, dialect: SqlDialect) {
    this.#sql = sql;
    this.#dialect = dialect;
  }

  read(): void {
    while (this.#at < this.#sql.length) this.#step();
    this.#endStatement(this.#sql.length);
  }

  #step(): void {
    const char = this.#sql[this.#at] as string;
    if (this.#isComment(char)) return;
    if (char === ';') {
      this.#endStatement(this.#at);
      this.#at += 1;
      this.#textStart = this.#at;
      return;
    }
    if (!/\s/.test(char)) this.#isFilled = true;
    const end = quoteEnds[char] ?? (char === '[' && this.#dialect.brackets ? ']' : undefined);
    if (this.#dialect.textQuotes && this.#skipTextQuote()) return;
    if (end !== undefined) this.#skipQuoted(end);
    else if (char === '$' && this.#dialect.dollarQuotes) this.#skipDollars();
    else if (char === ':') this.#name();
    else this.#at += 1;
  }

  #isComment(char: string): boolean {
    const next = this.#sql[this.#at + 1];
    if ((char === '-' && next === '-') || (char === '#' && this.#dialect.hashComments)) {
      const end = this.#sql.indexOf('\n', this.#at);
      this.#at = end < 0 ? this.#sql.length : end + 1;
      return true;
    }
    if (char !== '/' || next !== '*') return false;
    let depth = 1;
    let at = this.#at + 2;
    while (at < this.#sql.length && depth > 0) {
      const two = this.#sql.slice(at, at + 2);
      if (two === '*/') depth -= 1;
      else if (two === '/*' && this.#dialect.nestedComments) depth += 1;
      at += two === '*/' || (two === '/*' && this.#dialect.nestedComments) ? 2 : 1;
    }
    this.#at = at;
    return true;
  }

  // A doubled quote is two texts beside each other, which ends at the same place.
  #skipQuoted(end: string): void {
    const isEscaping = end !== ']' && end !== '`' && (this.#dialect.backslashEscapes || (end === "'" && this.#isEscapeText()));
    let at = this.#at + 1;
    while (at < this.#sql.length && this.#sql[at] !== end) at += isEscaping && this.#sql[at] === '\\' ? 2 : 1;
    this.#at = at + 1;
  }

  /** `E'…'` of Postgres. */
  #isEscapeText(): boolean {
    return this.#dialect.dollarQuotes && /(^|[^A-Za-z0-9_])[eE]$/.test(this.#sql.slice(Math.max(0, this.#at - 2), this.#at));
  }

  /** `q'[…]'`, `nq'!…!'` of Oracle. @returns whether it was one */
  #skipTextQuote(): boolean {
    const opening = /^n?q'(\S)/i.exec(this.#sql.slice(this.#at, this.#at + 4));
    const sign = opening?.[1];
    if (!opening || sign === undefined || /[A-Za-z0-9_$#]/.test(this.#sql[this.#at - 1] ?? ' ')) return false;
    const end = this.#sql.indexOf(`${textQuoteEnds[sign] ?? sign}'`, this.#at + opening[0].length);
    this.#at = end < 0 ? this.#sql.length : end + 2;
    return true;
  }

  #skipDollars(): void {
    const tag = /^\$([A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/.exec(this.#sql.slice(this.#at, this.#at + 70))?.[0];
    if (tag === undefined) {
      this.#at += 1;
      return;
    }
    const end = this.#sql.indexOf(tag, this.#at + tag.length);
    this.#at = end < 0 ? this.#sql.length : end + tag.length;
  }

  // Not `a::type`, `a := 1`, `list[1:last]`.
  #name(): void {
    const isAfterWord = /[A-Za-z0-9_\])]/.test(this.#sql[this.#at - 1] ?? ' ');
    const name = /^:([A-Za-z_][A-Za-z0-9_]*)/.exec(this.#sql.slice(this.#at, this.#at + 130))?.[1];
    if (this.#sql[this.#at + 1] === ':') this.#at += 2;
    else if (name === undefined || isAfterWord) this.#at += 1;
    else {
      this.#current.texts.push(this.#sql.slice(this.#textStart, this.#at));
      this.#current.names.push(name);
      this.#at += name.length + 1;
      this.#textStart = this.#at;
    }
  }

  #endStatement(end: number): void {
    this.#current.texts.push(this.#sql.slice(this.#textStart, Math.min(end, this.#sql.length)));
    if (this.#isFilled) this.statements.push(this.#current);
    this.#current = { texts: [], names: [] };
    this.#isFilled = false;
  }
}
