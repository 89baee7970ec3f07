import { group } from '../../command.ts';
import { channelArchive } from './archive.ts';
import { channelList } from './list.ts';
import { channelSet } from './set.ts';
import { channelShow } from './show.ts';
import { channelTest } from './test.ts';
import { channelTypes } from './types.ts';

export function channel() {
  const commands = group('channel', { summary: 'Set the ways by which people are told, and test them' });
  for (const child of [channelTypes(), channelList(), channelShow(), channelSet(), channelTest(), channelArchive()]) commands.addCommand(child);
  return commands;
}
