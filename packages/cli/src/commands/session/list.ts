import { listSessions } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';
import { instant } from '../../output/text.ts';

export function sessionList() {
  return command('list', { summary: 'List your sessions in browsers and programs', examples: [['tidewheel session list', 'where you are signed in']] }).action(
    async (options) => {
      const context = contextOf(options);
      const sessions = await (await context.client()).call(listSessions);
      context.print.result(sessions, () =>
        context.print.table(
          [
            { title: 'Session', value: (session) => session.id, whole: true },
            { title: 'Address', value: (session) => session.address ?? '' },
            { title: 'Signed in', value: (session) => instant(session.createdAt) },
            { title: 'Last seen', value: (session) => instant(session.lastSeenAt) },
            { title: 'Kind', value: (session) => (session.current ? `${session.kind}, this one` : session.kind) },
            { title: 'Program', value: (session) => session.agent ?? '' },
          ],
          sessions,
        ),
      );
    },
  );
}
