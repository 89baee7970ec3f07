import { listTokens } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { instant } from '../../output/text.ts';

export function tokenList() {
  return command('list', { summary: 'List your API tokens', examples: [['tidewheel token list', 'their secrets are never shown again']] }).action(
    async (options) => {
      const context = contextOf(options);
      const tokens = await (await context.client()).call(listTokens);
      context.print.result(tokens, () => {
        if (tokens.length === 0) return context.print.note('No tokens.');
        context.print.table(
          [
            { title: 'Token', value: (token) => token.id, whole: true },
            { title: 'Title', value: (token) => token.title },
            { title: 'Created', value: (token) => instant(token.createdAt), whole: true, optional: true },
            { title: 'Expires', value: (token) => instant(token.expiresAt), whole: true },
            { title: 'Last used', value: (token) => instant(token.lastUsedAt), whole: true, optional: true },
          ],
          tokens,
        );
      });
    },
  );
}
