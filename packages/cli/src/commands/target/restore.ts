import { restoreTarget } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function targetRestore() {
  return command('restore', { summary: 'Take an archived host into use again', examples: [['tidewheel target restore web01', 'as it was']] })
    .argument('<host>', 'name or id of the host')
    .action(async (host, options) => {
      const context = contextOf(options);
      const target = await (await context.client()).call(restoreTarget, { params: { target: host } });
      context.print.result(target, () => context.print.line(`Host ${target.name} is in use again.`));
    });
}
