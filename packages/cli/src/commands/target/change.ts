import { showTarget, updateTarget } from '@tidewheel/client/routes';
import { command, contextOf, gather } from '../../command.ts';
import { fieldHelp, fieldsFrom } from './fields.ts';

export function targetChange() {
  return command('change', {
    summary: 'Change a host; what is not given stays as it is',
    examples: [
      ['tidewheel target change web01 --set hostKey=SHA256:uNiVztksCsDhcc0u9e8BrqyuqS2VGvTXMFzYqWMbsCY', 'pin the key that its test showed'],
      ['tidewheel target change web01 --tag web --tag canary', 'its tags from now on'],
    ],
  })
    .argument('<host>', 'name or id of the host')
    .option('--address <host>', 'host name or IP address')
    .option(...fieldHelp.title)
    .option(...fieldHelp.description)
    .addOption(fieldHelp.os())
    .option(...fieldHelp.transport)
    .option(...fieldHelp.set, gather)
    .option(...fieldHelp.credential)
    .option(...fieldHelp.via)
    .option(...fieldHelp.dependsOn, gather)
    .option(...fieldHelp.category)
    .option(...fieldHelp.tag, gather)
    .option(...fieldHelp.group, gather)
    .option(...fieldHelp.fact, gather)
    .action(async (host, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const present = await client.call(showTarget, { params: { target: host } });
      const fields = await fieldsFrom(client, options, present);
      const body = { ...fields, ...(options.address === undefined ? {} : { address: options.address }) };
      const target = await client.call(updateTarget, { params: { target: present.id }, body });
      context.print.result(target, () => context.print.line(`Host ${target.name} is changed.`));
    });
}
