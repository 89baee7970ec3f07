import { showAudit } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { instant, plain } from '../../output/text.ts';

export function auditShow() {
  return command('show', {
    summary: 'Show an entry with before, after and its proof',
    examples: [['tidewheel audit show 01890a5d-ac96-7a54-8f3b-0c1d2e3f4a5b --json | jq .proof', 'its proof']],
  })
    .argument('<entry>', 'id of the entry')
    .action(async (id, options) => {
      const context = contextOf(options);
      const entry = await (await context.client()).call(showAudit, { params: { id } });
      context.print.result(entry, () =>
        context.print.facts([
          ['Entry', entry.id],
          ['When', instant(entry.at)],
          [
            'Who',
            plain(
              entry.actor
                ? `${entry.actor.label} (${entry.actor.kind})${entry.actor.through ? ` with rights of ${entry.actor.through.join(', ')}` : ''}`
                : '(erased)',
            ),
          ],
          ['Action', entry.action],
          ['What', plain(entry.object ? `${entry.object.type} ${entry.object.title} ${entry.object.id}` : '')],
          ['Address', entry.address ?? ''],
          ['Request', entry.requestId ?? ''],
          ['Before', plain(JSON.stringify(entry.before))],
          ['After', plain(JSON.stringify(entry.after))],
          ['Proof', entry.proof ? `place ${entry.proof.leafIndex} of the signed tree` : 'not in the signed tree yet; ask again in a second'],
        ]),
      );
    });
}
