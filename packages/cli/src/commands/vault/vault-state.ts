import type { VaultState } from '@tidewheel/contract/routes/credentials';
import type { Printer } from '../../output/printer.ts';
import { instant, plain } from '../../output/text.ts';

export function printVault(print: Printer, state: VaultState): void {
  const { rewrap } = state;
  print.facts([
    ['Master key here', state.masterKey],
    ['Opened by', state.sealedBy.join(', ')],
    ['New data keys under', state.key],
    ...state.dataKeys.map((each): [string, string] => [`Data keys under ${each.key}`, String(each.count)]),
  ]);
  if (!rewrap) return;
  const failed = rewrap.failed > 0 ? `, ${rewrap.failed} cannot be opened` : '';
  print.line(
    `Re-wrap under ${rewrap.key}: ${rewrap.state}, ${rewrap.done} of ${rewrap.total}${failed}, started ${instant(rewrap.startedAt)} by ${plain(rewrap.startedBy)}.`,
  );
  if (rewrap.note) print.line(plain(rewrap.note));
}
