// Pausing, activating, archiving and restoring: one verb each, told in one line.
import type { Client } from '@tidewheel/client/client';
import { activateSchedule, archiveSchedule, pauseSchedule, restoreSchedule } from '@tidewheel/client/routes';
import type { Schedule } from '@tidewheel/contract/routes/schedules';
import { command, contextOf } from '../../command.ts';
import { instant } from '../../output/text.ts';
import { scheduleArgument } from './print-schedule.ts';

export function schedulePause() {
  return turn('pause', {
    summary: 'Pause a schedule; what is due meanwhile is not made up for',
    call: (client, params) => client.call(pauseSchedule, { params }),
    told: () => 'is paused',
  });
}
export function scheduleActivate() {
  const told = ({ nextAt }: Schedule) => `fires again${nextAt ? `, next ${instant(nextAt)}` : ''}`;
  return turn('activate', {
    summary: 'Let a paused schedule fire again, from now on',
    call: (client, params) => client.call(activateSchedule, { params }),
    told,
  });
}
export function scheduleArchive() {
  return turn('archive', {
    summary: 'Archive a schedule; its history stays',
    call: (client, params) => client.call(archiveSchedule, { params }),
    told: () => 'is archived',
  });
}
export function scheduleRestore() {
  return turn('restore', {
    summary: 'Restore an archived schedule, paused',
    call: (client, params) => client.call(restoreSchedule, { params }),
    told: () => 'is restored, paused',
  });
}

interface Turn {
  summary: string;
  call(client: Client, params: { slug: string }): Promise<Schedule>;
  told(schedule: Schedule): string;
}

function turn(name: string, { summary, call, told }: Turn) {
  return command(name, { summary, examples: [[`tidewheel schedule ${name} mifir-evening`, 'by its name']] })
    .argument('<schedule>', scheduleArgument)
    .action(async (slug, options) => {
      const context = contextOf(options);
      const schedule = await call(await context.client(), { slug });
      context.print.result(schedule, () => context.print.line(`The schedule ${schedule.slug} ${told(schedule)}.`));
    });
}
