import { group } from '../../command.ts';
import { templateArchive } from './archive.ts';
import { templateList } from './list.ts';
import { templatePreview } from './preview.ts';
import { templateSet } from './set.ts';
import { templateShow } from './show.ts';

export function notificationTemplate() {
  const commands = group('notification-template', { summary: 'Word the messages: templates in Liquid, previewed and versioned' });
  for (const child of [templateList(), templateShow(), templateSet(), templatePreview(), templateArchive()]) commands.addCommand(child);
  return commands;
}
