import { createTarget } from '@tidewheel/client/routes';
import { contextOf } from '../../command.ts';
import { fieldCommand, fieldsFrom } from './fields.ts';

export function targetCreate() {
  return fieldCommand(
    'create',
    {
      summary: 'Add a host',
      examples: [
        ['tidewheel target create web01.example.com --credential ops --tag web', 'a Linux host, reached by its name over SSH'],
        ['tidewheel target create win7 --os windows --address 10.20.0.7 --via bastion', 'a Windows host behind another one'],
      ],
    },
    { address: 'host name or IP address; its name when omitted' },
  )
    .argument('<name>', 'name by which flows refer to it')
    .action(async (name, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const fields = await fieldsFrom(client, options);
      const target = await client.call(createTarget, { body: { ...fields, name, os: options.os ?? 'linux', address: options.address ?? name } });
      context.print.result(target, () => {
        context.print.line(`Host ${target.name} is added.`);
        context.print.note(`Test it with: tidewheel target test ${target.name}`);
      });
    });
}
