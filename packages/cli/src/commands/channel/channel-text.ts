import type { Channel } from '@tidewheel/contract/notify';
import type { Printer } from '../../output/printer.ts';
import { instant } from '../../output/text.ts';

export function printChannel(print: Printer, channel: Channel): void {
  print.facts([
    ['Channel', channel.slug],
    ['Title', channel.title],
    ['Type', channel.type],
    ['Reaches', channel.reaches === 'people' ? 'each recipient' : 'one place'],
    ['State', channel.enabled ? 'on' : 'off'],
    ['Settings', Object.keys(channel.config).length === 0 ? null : JSON.stringify(channel.config)],
    ['Secret', channel.hasSecret ? 'set' : null],
    ['Rests until', channel.restingUntil && instant(channel.restingUntil)],
    ['Changed', channel.updatedAt && instant(channel.updatedAt)],
  ]);
}
