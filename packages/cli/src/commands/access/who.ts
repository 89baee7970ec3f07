import { listObjectAccess } from '@tidewheel/client/routes';
import type { ObjectAccess } from '@tidewheel/contract/routes/access';
import { command, contextOf } from '../../command.ts';
import { objectOf } from '../grant/what.ts';

export function accessWho() {
  return command('who', {
    summary: 'Show who has access to an object, and through what',
    examples: [['tidewheel access who flow:mifir-daily', 'members, permissions, sources']],
  })
    .argument('<type:name>', 'flow, folder, connection, credential or file, and its name')
    .action(async (on, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const items: ObjectAccess['items'] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page: ObjectAccess = await client.call(listObjectAccess, { query: { ...objectOf(on), limit: 200, cursor } });
        items.push(...page.items);
        cursor = page.next;
      }
      context.print.result(items, () =>
        context.print.table(
          [
            { title: 'Who', value: (item) => item.user.email },
            { title: 'May', value: (item) => item.permissions.join(', ') },
            { title: 'Through', value: (item) => item.through.map((one) => one.source).join(', ') },
          ],
          items,
        ),
      );
    });
}
