import { group } from '../../command.ts';
import { colorBuffer } from './buffer.ts';
import { colorRule } from './rule.ts';
import { colorSheet } from './sheet.ts';
import { colorSource } from './source.ts';
import { colorUpload } from './upload.ts';

export function color() {
  return group('color', { summary: 'Work at the color desk: bring colors, see what waits and what was processed' })
    .addCommand(colorUpload())
    .addCommand(colorBuffer())
    .addCommand(colorSource())
    .addCommand(colorSheet())
    .addCommand(colorRule());
}
