import type { Client } from '@tidewheel/client/client';
import { dryRunSso, listSsoProviders } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { DryRunPerson, DryRunSource, MappedMembership } from '@tidewheel/contract/routes/sso';
import { command, contextOf } from '../../command.ts';
import { gatherPages, positiveCount, printListing } from '../../listing.ts';
import type { TableColumn } from '../../output/table.ts';
import { readClaims, readMapping } from './mapping-file.ts';

const columns: TableColumn<DryRunPerson>[] = [
  { title: 'Who', value: (person) => person.user?.email ?? person.email ?? person.subject ?? '(nobody)' },
  { title: 'Account', value: (person) => person.account.replaceAll('_', ' ') },
  {
    title: 'Signs in',
    value: (person) => (person.refusal === null ? 'yes' : `${person.losesAccess ? 'LOSES ACCESS' : 'no'}: ${person.refusal.code}`),
    whole: true,
  },
  { title: 'Roles', value: (person) => person.memberships.map(roleText).join('; ') || '-' },
];

const kept: Partial<Record<MappedMembership['change'], string>> = { by_hand: 'by hand', last_administrator: 'kept: last administrator' };

function roleText({ workspace, before, after, change, rule }: MappedMembership): string {
  const by = kept[change] ?? (rule === null ? 'no rule' : rule === 0 ? 'otherwise' : `rule ${rule}`);
  return `${workspace}: ${before === after ? after : `${before ?? 'none'} -> ${after ?? 'none'}`} (${by})`;
}

export function ssoDryRun() {
  return command('dry-run', {
    summary: 'See who would get which role by rules that may not be saved yet; changes nothing',
    description: 'Without --claims and --user it takes everybody who is linked, with the claims of the last sign-in. Without --rules it takes the saved ones.',
    examples: [
      ['tidewheel sso dry-run --rules rules.json --claims claims.json', 'new rules on people who were never here'],
      ['tidewheel sso dry-run acme --rules rules.json', 'what they would change for everybody'],
      ['tidewheel sso dry-run acme --user ada@example.org', 'one account by the saved rules'],
    ],
  })
    .argument('[provider]', 'its name; needed when there is more than one')
    .option('--rules <file>', 'rules in JSON, as `sso rules --json` prints them')
    .option('--claims <file>', 'an object of claims or a list of them, in JSON; - for stdin')
    .option('--user <email>', 'the claims of the last sign-in of this account')
    .option('--limit <n>', 'how many people at most', positiveCount, 1_000)
    .action(async (given, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const slug = given ?? (await onlyProvider(client));
      const mapping = options.rules === undefined ? undefined : await readMapping(options.rules);
      const source = await sourceOf(options);
      const listing = await gatherPages(options.limit, (page) => {
        const asked = source.kind === 'all' ? { ...source, limit: page.limit, ...(page.cursor === undefined ? {} : { cursor: page.cursor }) } : source;
        return client.call(dryRunSso, { params: { slug }, body: { source: asked, ...(mapping ? { mapping } : {}) } });
      });
      printListing(context.print, listing, { columns, empty: 'Nobody is linked yet; give claims with --claims.' });
    });
}

async function sourceOf({ claims, user }: { claims?: string | undefined; user?: string | undefined }): Promise<DryRunSource> {
  if (claims !== undefined && user !== undefined) throw new InvalidInput('sso.source', 'Give either --claims or --user, not both.');
  if (claims !== undefined) return { kind: 'claims', claims: await readClaims(claims) };
  return user === undefined ? { kind: 'all', limit: 200 } : { kind: 'user', email: user };
}

async function onlyProvider(client: Client): Promise<string> {
  const providers = await client.call(listSsoProviders);
  const [only] = providers;
  if (only && providers.length === 1) return only.slug;
  throw new InvalidInput('sso.which', only ? 'Which provider?' : 'There is no provider.', {
    hint: only ? `Name one of ${providers.map(({ slug }) => slug).join(', ')}.` : 'Add one with `tidewheel sso add`.',
  });
}
