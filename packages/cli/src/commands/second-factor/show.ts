import { showSecondFactor } from '@tidewheel/client/routes';
import { command, contextOf } from '../../command.ts';

export function factorShow() {
  return command('show', { summary: 'Show whether you have one', examples: [['tidewheel second-factor show', 'and how many recovery codes are left']] }).action(
    async (options) => {
      const context = contextOf(options);
      const factor = await (await context.client()).call(showSecondFactor);
      context.print.result(factor, () => {
        context.print.line(factor.on ? `On; ${factor.recoveryCodesLeft} recovery codes are left.` : 'Off.');
        if (factor.required) context.print.note('Your role requires it.');
      });
    },
  );
}
