import { gatherTarget } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { tellTarget } from './show.ts';

export function targetGather() {
  return command('gather', {
    summary: 'Find out about a host on the host itself: system, version, processors, memory, disks',
    examples: [['tidewheel target gather web01', 'facts that conditions and groups can ask for']],
  })
    .argument('<host>', 'name or id of the host')
    .action(async (host, options) => {
      const context = contextOf(options);
      tellTarget(context, await (await context.client()).call(gatherTarget, { params: { target: host } }, { signal: context.interrupted }));
    });
}
