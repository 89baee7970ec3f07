import { showTarget } from '@tidewheel/client/routes';
import type { TargetDetail } from '@tidewheel/contract/target';
import { command, contextOf } from '../../command.ts';
import type { Context } from '../../context.ts';
import { instant, plain } from '../../output/text.ts';

export function targetShow() {
  return command('show', {
    summary: 'Show a host with all that is known of it',
    examples: [['tidewheel target show web01.example.com', 'settings, facts, relations']],
  })
    .argument('<host>', 'name or id of the host')
    .action(async (host, options) => {
      const context = contextOf(options);
      tellTarget(context, await (await context.client()).call(showTarget, { params: { target: host } }));
    });
}

export function tellTarget({ print }: Context, target: TargetDetail): void {
  const facts = { ...target.found, ...target.facts };
  const text = (value: unknown) => plain(typeof value === 'string' ? value : JSON.stringify(value));
  print.result(target, () =>
    print.facts([
      ['Host', target.name],
      ['Title', target.title === target.name ? '' : plain(target.title)],
      ['Address', target.address],
      ['System', target.os],
      ['Reached by', target.transport],
      ['Through', target.via],
      ['Credential', target.credential],
      ['State', target.state],
      ['Last contact', target.contact && contactText(target.contact)],
      ['Reached last', instant(target.seenAt)],
      ['Failed last', target.lastFailure && contactText({ ...target.lastFailure, ok: false, failed: target.lastFailure.why })],
      ['Maintenance', target.maintenance && maintenanceText(target.maintenance)],
      ['Category', target.category],
      ['Tags', target.tags.join(' ')],
      ['Groups', target.allGroups.map(({ slug, isDynamic }) => (isDynamic ? `${slug} (by its query)` : slug)).join(', ')],
      ['Depends on', target.dependsOn.join(', ')],
      ['Needed by', target.neededBy.join(', ')],
      ['Way in for', target.jumpFor.join(', ')],
      ['Archived', instant(target.archivedAt)],
      ...Object.entries(target.settings).map(([name, value]): [string, string] => [name, text(value)]),
      ...Object.entries(facts).map(([name, value]): [string, string] => [`facts.${name}`, text(value)]),
    ]),
  );
}

function contactText({ at, by, ok, failed }: NonNullable<TargetDetail['contact']>): string {
  return `${instant(at)} by ${plain(by)}${ok ? ', ok' : `: ${plain(failed ?? 'failed')}`}`;
}

function maintenanceText({ from, until, reason, by }: NonNullable<TargetDetail['maintenance']>): string {
  return `${instant(from)} to ${until === null ? 'whenever it is ended' : instant(until)}: ${plain(reason)} (${plain(by)})`;
}
