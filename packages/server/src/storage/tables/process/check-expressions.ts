// Faults of expressions and SQL that can be seen without any data: at save time the columns are not known yet.
import { AppError } from '@tidewheel/contract/errors';
import type { Fault } from '@tidewheel/contract/problem';
import { bindText } from '../expressions/bind-text.ts';
import { inspectExpression, inspectSelect } from '../expressions/inspect.ts';
import { withoutEnd } from '../expressions/lexer.ts';
import type { ExpressionToCheck } from './protocol.ts';
import type { Session } from './session.ts';

const anyClock = { now: new Date(0), today: '1970-01-01', timeZone: 'UTC' };

export async function checkExpressions(session: Session, expressions: ExpressionToCheck[]): Promise<Fault[]> {
  const faults: Fault[] = [];
  try {
    for (const expression of expressions) faults.push(...(await check(session, expression)));
    return faults;
  } finally {
    session.close();
  }
}

async function check(session: Session, { path, text, kind, parameters }: ExpressionToCheck): Promise<Fault[]> {
  try {
    const scope = { parameters: Object.fromEntries(parameters.map((name) => [name, { type: 'string' as const, value: null }])), clock: anyClock };
    const bound = bindText(text, scope);
    // Which inputs a SELECT has is known to the engine, which checks the edges itself: any table name passes here.
    if (kind === 'sql') await inspectSelect(session, withoutEnd(bound), 'any');
    else await inspectExpression(session, bound);
    return [];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [{ path, message: error.message, severity: 'error', ...(error.hint === undefined ? {} : { hint: error.hint }) }];
  }
}
