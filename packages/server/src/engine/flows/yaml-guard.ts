// Looks at the tokens of a YAML text before it is parsed: the parser recurses and in places takes exponential time on nests that no author writes.
import { CST, Lexer } from 'yaml';

const deepest = 64;
const mostTokens = 1_000_000;
const mostLines = 200_000;

/** @returns what is too much, and in which line; null for a text that is safe to parse. */
export function findExcess(source: string): { message: string; line: number } | null {
  const state = { line: 1, flow: 0, inLine: 0, indents: [] as number[], tokens: 0 };
  let after: string | null = null;
  for (const token of new Lexer().lex(source)) {
    const type = CST.tokenType(token);
    if (++state.tokens > mostTokens || state.line > mostLines) return { message: 'the text is too large to be read', line: state.line };
    count({ state, type, token, after });
    if (type === 'explicit-key-ind') return { message: 'keys marked with ? are not supported', line: state.line };
    if (state.flow > deepest || state.inLine > deepest || state.indents.length > deepest)
      return { message: `the text is nested deeper than ${deepest} levels`, line: state.line };
    state.line += newlines(token);
    after = type;
  }
  return null;
}

interface State {
  flow: number;
  /** Block indicators in one line: `- - - x`. */
  inLine: number;
  indents: number[];
}

function count({ state, type, token, after }: { state: State; type: CST.TokenType | null; token: string; after: string | null }): void {
  if (type === 'flow-map-start' || type === 'flow-seq-start') state.flow++;
  else if (type === 'flow-map-end' || type === 'flow-seq-end') state.flow = Math.max(0, state.flow - 1);
  else if (type === 'newline') state.inLine = 0;
  else if (type === 'seq-item-ind' || type === 'map-value-ind') state.inLine += state.flow === 0 ? 1 : 0;
  else if (type === 'space' && after === 'newline' && state.flow === 0) {
    while ((state.indents.at(-1) ?? -1) >= token.length) state.indents.pop();
    state.indents.push(token.length);
  }
}

function newlines(token: string): number {
  let lines = 0;
  for (let at = token.indexOf('\n'); at >= 0; at = token.indexOf('\n', at + 1)) lines++;
  return lines;
}
