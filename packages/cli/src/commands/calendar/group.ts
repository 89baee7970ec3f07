import { group } from '../../command.ts';
import { calendarArchive, calendarRestore } from './archive.ts';
import { calendarCompare } from './compare.ts';
import { calendarCount } from './count.ts';
import { calendarCreate } from './create.ts';
import { calendarExport } from './export.ts';
import { calendarImport } from './import.ts';
import { calendarCountries, calendarList } from './list.ts';
import { calendarShow } from './show.ts';
import { calendarUpdate } from './update.ts';
import { calendarUsage } from './usage.ts';
import { calendarVersions } from './versions.ts';
import { calendarYear } from './year.ts';

export function calendar() {
  return group('calendar', { summary: 'See and keep calendars: which days are business days' })
    .addCommand(calendarList())
    .addCommand(calendarShow())
    .addCommand(calendarYear())
    .addCommand(calendarCount())
    .addCommand(calendarCreate())
    .addCommand(calendarUpdate())
    .addCommand(calendarImport())
    .addCommand(calendarExport())
    .addCommand(calendarVersions())
    .addCommand(calendarCompare())
    .addCommand(calendarUsage())
    .addCommand(calendarArchive())
    .addCommand(calendarRestore())
    .addCommand(calendarCountries());
}
