// Replaces `:name` by the parameter's typed literal and the clock by the run's frozen instant, before DuckDB sees the text.
import { InvalidInput } from '@tidewheel/contract/errors';
import { closest } from '../../../base/text.ts';
import { parameterLiteral, text } from '../sql-text.ts';
import type { SqlParameter } from '../table-engine.ts';
import { type Token, tokenize } from './lexer.ts';

export interface FrozenClock {
  now: Date;
  today: string;
  timeZone: string;
}

export interface BindScope {
  parameters: Record<string, SqlParameter>;
  clock: FrozenClock;
}

/** Words that ask for the time without parentheses, and functions that do so with empty ones. */
const clockWords: Record<string, (clock: FrozenClock) => string> = {
  current_date: (clock) => `(DATE ${text(clock.today)})`,
  current_timestamp: nowLiteral,
  localtimestamp: localLiteral,
};
const clockCalls: Record<string, (clock: FrozenClock) => string> = {
  now: nowLiteral,
  today: (clock) => `(DATE ${text(clock.today)})`,
  current_date: (clock) => `(DATE ${text(clock.today)})`,
  current_timestamp: nowLiteral,
  get_current_timestamp: nowLiteral,
  transaction_timestamp: nowLiteral,
  current_localtimestamp: localLiteral,
};

function nowLiteral(clock: FrozenClock): string {
  return `(CAST(${text(clock.now.toISOString())} AS TIMESTAMPTZ))`;
}
function localLiteral(clock: FrozenClock): string {
  return `(timezone(${text(clock.timeZone)}, ${nowLiteral(clock)}))`;
}

/** @throws InvalidInput `expression.parameter` for a name that is not declared */
export function bindText(sql: string, scope: BindScope): string {
  const tokens = tokenize(sql);
  const parts: string[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as Token;
    if (token.kind === 'parameter') parts.push(boundParameter(token.text.slice(1), scope));
    else if (token.kind === 'word') {
      const clock = clockToken(tokens, i, scope.clock);
      parts.push(clock?.sql ?? token.text);
      if (clock) i = clock.last;
    } else parts.push(token.text);
  }
  return parts.join('');
}

function boundParameter(name: string, { parameters }: BindScope): string {
  const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (parameter) return parameterLiteral(parameter);
  const near = closest(name, Object.keys(parameters));
  throw new InvalidInput('expression.parameter', `:${name} is not a parameter of this flow.`, {
    hint: near ? `Did you mean :${near}?` : 'Declare it under parameters; a cast is written with two colons, column::DATE.',
  });
}

function clockToken(tokens: Token[], at: number, clock: FrozenClock): { sql: string; last: number } | undefined {
  const word = (tokens[at] as Token).text.toLowerCase();
  if (!Object.hasOwn(clockWords, word) && !Object.hasOwn(clockCalls, word)) return undefined;
  if (previousSolid(tokens, at)?.text === '.') return undefined;
  const open = nextSolid(tokens, at);
  const close = open === undefined ? undefined : nextSolid(tokens, open);
  const called = open !== undefined && close !== undefined && tokens[open]?.text === '(' && tokens[close]?.text === ')';
  if (called && clockCalls[word]) return { sql: clockCalls[word](clock), last: close };
  const literal = tokens[open ?? -1]?.text === '(' ? undefined : clockWords[word];
  return literal && { sql: literal(clock), last: at };
}

function nextSolid(tokens: Token[], at: number): number | undefined {
  for (let i = at + 1; i < tokens.length; i++) if (tokens[i]?.kind !== 'space') return i;
  return undefined;
}
function previousSolid(tokens: Token[], at: number): Token | undefined {
  for (let i = at - 1; i >= 0; i--) if (tokens[i]?.kind !== 'space') return tokens[i];
  return undefined;
}
