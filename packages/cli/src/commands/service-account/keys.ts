import { InvalidArgumentError } from '@commander-js/extra-typings';
import { listServiceKeys, revokeServiceKey, rotateServiceKey } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { positiveCount } from '../../listing.ts';
import { instant } from '../../output/text.ts';
import { scopeText } from './scope-text.ts';

export function keyList() {
  return command('keys', {
    summary: 'List the keys of a service account',
    examples: [['tidewheel service-account keys nightly-loads', 'their first characters, limits and last use']],
  })
    .argument('<account>', 'the service account')
    .action(async (slug, options) => {
      const context = contextOf(options);
      const keys = await (await context.client()).call(listServiceKeys, { params: { slug } });
      context.print.result(keys, () => {
        if (keys.length === 0) return context.print.note('No keys.');
        context.print.table(
          [
            { title: 'Key', value: (key) => key.id, whole: true },
            { title: 'Begins', value: (key) => `${key.prefix ?? ''}…`, whole: true },
            { title: 'Title', value: (key) => key.title },
            { title: 'May', value: (key) => (key.scope === null ? 'all that the account may' : scopeText(key.scope)) },
            { title: 'From', value: (key) => key.networks?.join(', ') ?? 'everywhere', optional: true },
            { title: 'Expires', value: (key) => instant(key.expiresAt), whole: true },
            { title: 'Last used', value: (key) => [instant(key.lastUsedAt), key.lastUsedAddress].filter(Boolean).join(' from '), whole: true },
          ],
          keys,
        );
      });
    });
}

export function keyRotate() {
  return command('rotate-key', {
    summary: 'Create a key like this one in its place; prints its secret, once',
    examples: [['tidewheel service-account rotate-key nightly-loads 01890a5d-ac96-7a54-8f3b-0c1d2e3f4a5b', 'the old one goes on for a day']],
  })
    .argument('<account>', 'the service account')
    .argument('<key>', 'its id, as `keys` shows it')
    .option('--days <n>', 'days until the new one expires, at most 366', positiveCount, 90)
    .option('--overlap-hours <n>', 'how long the old one goes on', hours, 24)
    .action(async (slug, id, options) => {
      const context = contextOf(options);
      const body = { days: options.days, overlapHours: options.overlapHours };
      const key = await (await context.client()).call(rotateServiceKey, { params: { slug, id }, body });
      context.print.result(key, () => {
        context.print.line(key.token);
        context.print.note(`Keep it safe: it is not shown again. It expires ${instant(key.expiresAt)}.`);
      });
    });
}

function hours(text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of hours, 0 to 720.');
  return Number(text);
}

export function keyRevoke() {
  return command('revoke-key', {
    summary: 'Revoke a key of a service account',
    examples: [['tidewheel service-account revoke-key nightly-loads 01890a5d-ac96-7a54-8f3b-0c1d2e3f4a5b', 'it stops working at once']],
  })
    .argument('<account>', 'the service account')
    .argument('<key>', 'its id, as `keys` shows it')
    .action(async (slug, id, options) => {
      const context = contextOf(options);
      const answer = await (await context.client()).call(revokeServiceKey, { params: { slug, id } });
      context.print.result(answer, () => context.print.line('Revoked.'));
    });
}
