import { explainAccess } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { Permission } from '@tidewheel/contract/route';
import { command, contextOf } from '../../command.ts';

const types = ['flow', 'run', 'artifact', 'connection', 'credential', 'target', 'file'] as const;

export function accessWhy() {
  return command('why', {
    summary: 'Explain why you, or another member, may do something or not',
    examples: [
      ['tidewheel access why flow.run --on flow:mifir-daily', 'may I run this flow, and why (not)'],
      ['tidewheel access why flow.edit --user ana@example.org', 'of somebody else'],
    ],
  })
    .argument('<permission>', 'such as flow.run')
    .option('--on <type:name>', `one object: ${types.join(', ')}; by name or id`)
    .option('--user <email>', 'another member (needs role.read)')
    .action(async (permission, options) => {
      const context = contextOf(options);
      const query = { permission: permission as Permission, user: options.user, ...(options.on === undefined ? {} : objectOf(options.on)) };
      const why = await (await context.client()).call(explainAccess, { query });
      context.print.result(why, () => {
        const on = why.object ? ` on ${why.object.type} ${why.object.title}` : '';
        context.print.line(`${why.user.email} ${why.allowed ? 'may' : 'may NOT'} ${why.permission}${on}.`);
        if (why.note) context.print.line(why.note);
        context.print.facts([
          ...why.reasons.map((reason): [string, string] => [reason.source, reason.verdict]),
          [
            'Object',
            Object.entries(why.object?.attributes ?? {})
              .map(([name, value]) => `${name}=${value ?? '–'}`)
              .join(', '),
          ],
          ['Roles that allow it', why.roles.map((role) => role.slug).join(', ')],
          ['Who can give it', why.givers.join(', ')],
        ]);
      });
    });
}

function objectOf(text: string): { type: (typeof types)[number]; object: string } {
  const [head = '', ...rest] = text.split(':');
  const type = types.find((one) => one === head);
  if (!type || rest.length === 0)
    throw new InvalidInput('input.object', `"${text}" does not name an object.`, {
      hint: `Give its type and name: flow:mifir-daily. Types are ${types.join(', ')}.`,
    });
  return { type, object: rest.join(':') };
}
