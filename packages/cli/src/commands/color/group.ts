import { group } from '../../command.ts';
import { colorBuffer } from './buffer.ts';
import { colorDesk, colorRun } from './desk.ts';
import { colorProcessing } from './processing.ts';
import { colorRule } from './rule.ts';
import { colorSaved } from './saved.ts';
import { colorChoices, colorCount, colorExport, colorRecent, colorSearch } from './search.ts';
import { colorSecurity } from './security.ts';
import { colorSession } from './session.ts';
import { colorSettings } from './settings.ts';
import { colorSheet } from './sheet.ts';
import { colorSource } from './source.ts';
import { colorUpload } from './upload.ts';

export function color() {
  return group('color', { summary: 'Work at the color desk: bring colors, see what waits and what was processed' })
    .addCommand(colorDesk())
    .addCommand(colorRun())
    .addCommand(colorUpload())
    .addCommand(colorBuffer())
    .addCommand(colorSource())
    .addCommand(colorSheet())
    .addCommand(colorSettings())
    .addCommand(colorRule())
    .addCommand(colorSession())
    .addCommand(colorProcessing())
    .addCommand(colorSearch())
    .addCommand(colorCount())
    .addCommand(colorExport())
    .addCommand(colorSecurity())
    .addCommand(colorSaved())
    .addCommand(colorRecent())
    .addCommand(colorChoices());
}
