import type { CallResult } from '@tidewheel/client/route-ref';
import { ready } from '@tidewheel/client/routes';
import { AppError } from '@tidewheel/contract/errors';
import type { ready as readyRoute } from '@tidewheel/contract/routes/system';
import { command, contextOf } from '../command.ts';
import { CommandFailed } from '../command-failed.ts';
import { exitCodes } from '../exit-codes.ts';
import { paint } from '../output/terminal.ts';
import { duration } from '../output/text.ts';

type Health = CallResult<typeof readyRoute>;

export function health() {
  return command('health', {
    summary: 'Ask a server whether it is well',
    description: 'Exits with 0 when all its parts answer, 1 when one does not, 7 when the server cannot be reached.',
    examples: [['tidewheel health --url http://127.0.0.1:8080', 'no sign-in needed']],
  }).action(async (options) => {
    const context = contextOf(options);
    const client = await context.openClient();
    const answer = await client.call(ready).catch(degradedAnswer);
    context.print.result(answer, () => {
      context.print.line(`${client.origin}: ${answer.status === 'ok' ? paint('green', '✓ well') : paint('red', '✗ not well')}`);
      const columns = [
        { title: 'Part', value: (check: Health['checks'][number]) => check.name },
        { title: 'State', value: (check: Health['checks'][number]) => (check.ok ? 'answers' : 'does not answer') },
        { title: 'Time', value: (check: Health['checks'][number]) => duration(check.ms), align: 'right' as const },
      ];
      context.print.table(columns, answer.checks);
    });
    if (answer.status !== 'ok') throw new CommandFailed(exitCodes.failed);
  });
}

/** A server that is not well says so with 503 and the same body. */
function degradedAnswer(thrown: unknown): Health {
  if (thrown instanceof AppError && typeof thrown.details?.answer === 'string' && thrown.details.httpStatus === 503) {
    const answer = JSON.parse(thrown.details.answer) as Partial<Health>;
    if (Array.isArray(answer.checks)) return answer as Health;
  }
  throw thrown;
}
