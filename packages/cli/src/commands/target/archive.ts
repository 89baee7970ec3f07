import { archiveTarget } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function targetArchive() {
  return command('archive', { summary: 'Archive a host', examples: [['tidewheel target archive web01', 'flows can no longer open it']] })
    .argument('<host>', 'name or id of the host')
    .action(async (host, options) => {
      const context = contextOf(options);
      const target = await (await context.client()).call(archiveTarget, { params: { target: host } });
      context.print.result(target, () => context.print.line(`Host ${target.name} is archived.`));
    });
}
