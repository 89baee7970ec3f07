import { showTarget, updateTarget } from '@tidewheel/client/routes';
import { contextOf } from '../../command.ts';
import { fieldCommand, fieldsFrom } from './fields.ts';

export function targetChange() {
  return fieldCommand(
    'change',
    {
      summary: 'Change a host; what is not given stays as it is',
      examples: [
        ['tidewheel target change web01 --set hostKey=SHA256:uNiVztksCsDhcc0u9e8BrqyuqS2VGvTXMFzYqWMbsCY', 'pin the key that its test showed'],
        ['tidewheel target change web01 --tag web --tag canary', 'its tags from now on'],
      ],
    },
    { address: 'host name or IP address' },
  )
    .argument('<host>', 'name or id of the host')
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
