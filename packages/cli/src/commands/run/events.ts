import { listEvents } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { resolveRun, runArgument } from '../../run-reference.ts';
import { eventText } from '../../watch/event-text.ts';

const pageSize = 500;

export function runEvents() {
  return command('events', {
    summary: 'Print what happened in a run, event by event',
    description: 'With --json one JSON line per event.',
    examples: [['tidewheel run events 12', 'when each step was ready, started, ended']],
  })
    .argument('<run>', runArgument)
    .action(async (reference, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const id = await resolveRun(client, reference);
      for (let after = 0; ; ) {
        const events = await client.call(listEvents, { params: { id }, query: { after, limit: pageSize } });
        for (const event of events) context.print.isJson ? context.print.jsonLine(event) : context.print.line(eventText(event));
        after = events.at(-1)?.seq ?? after;
        if (events.length < pageSize) return;
      }
    });
}
