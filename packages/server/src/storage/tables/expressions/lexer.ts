// Splits SQL text into the few kinds of tokens that matter for finding `:name` and the clock functions; it parses nothing.

export interface Token {
  /** `quoted` is a string, quoted identifier or dollar string; `space` includes comments. */
  kind: 'word' | 'quoted' | 'space' | 'parameter' | 'symbol';
  text: string;
  start: number;
}

const patterns: [Token['kind'], RegExp][] = [
  ['space', /\s+|--[^\n]*/y],
  ['quoted', /[eE]'(?:\\[\s\S]|''|[^'\\])*'|'(?:''|[^'])*'|"(?:""|[^"])*"|\$([A-Za-z_\u0080-\uffff]*)\$[\s\S]*?\$\1\$/y],
  ['word', /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*|\d[\w.]*/y],
  ['symbol', /::|:=/y],
  ['parameter', /:[A-Za-z_][A-Za-z0-9_]*/y],
  ['symbol', /[\s\S]/y],
];

export function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < sql.length) {
    const token = blockComment(sql, at) ?? matchAt(sql, at);
    tokens.push(token);
    at += token.text.length;
  }
  return tokens;
}

/** The statement without its closing semicolons and what is behind them. */
export function withoutEnd(sql: string): string {
  const tokens = tokenize(sql);
  let end = tokens.length;
  for (let i = tokens.length - 1; i >= 0 && (tokens[i]?.kind === 'space' || tokens[i]?.text === ';'); i--) if (tokens[i]?.text === ';') end = i;
  return tokens
    .slice(0, end)
    .map((token) => token.text)
    .join('');
}

function matchAt(sql: string, at: number): Token {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const match = pattern.exec(sql);
    if (match) return { kind, text: match[0], start: at };
  }
  return { kind: 'symbol', text: sql[at] ?? '', start: at };
}

// DuckDB nests block comments, as Postgres does.
function blockComment(sql: string, at: number): Token | undefined {
  if (!sql.startsWith('/*', at)) return undefined;
  let depth = 0;
  let end = at;
  do {
    if (sql.startsWith('/*', end)) depth++;
    else if (sql.startsWith('*/', end)) depth--;
    else {
      end++;
      continue;
    }
    end += 2;
  } while (depth > 0 && end < sql.length);
  return { kind: 'space', text: sql.slice(at, end), start: at };
}
