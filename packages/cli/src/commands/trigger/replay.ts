import { replayTriggerEvent } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { plain } from '../../output/text.ts';

export function triggerReplay() {
  return command('replay', {
    summary: 'Fire again for an event that came before, by the settings of now',
    examples: [['tidewheel trigger replay prices-came 019a9f0c-6f3e-7b1c-8a52-0d9b8f3f4a11', 'the id is that of `trigger events --json`']],
  })
    .argument('<trigger>', 'name of the trigger')
    .argument('<event>', 'id of the event')
    .action(async (slug, id, options) => {
      const context = contextOf(options);
      const event = await (await context.client()).call(replayTriggerEvent, { params: { slug, id } });
      context.print.result(event, () =>
        context.print.line(event.run ? `Run ${event.run.number} is started.` : `No run is started: ${plain(event.reason ?? event.state)}`),
      );
    });
}
