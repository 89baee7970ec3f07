// What is read out of a file: dates with names, and which lines were left out.
import { firstYear, lastYear } from '@tidewheel/contract/calendar-limits';
import type { ImportPreview } from '@tidewheel/contract/routes/calendars';
import { storable } from '../../base/text.ts';

/** As many dates as a rule can list. */
export const mostDates = 10_000;
const mostFaults = 1_000;
const longestName = 200;
const nameless = 'Holiday';

/** Collects; whatever stands twice on a date is named once. */
export class Imported {
  readonly #dates = new Map<string, string[]>();
  readonly #faults: ImportPreview['faults'] = [];
  #faultCount = 0;

  fault(line: number, message: string): void {
    this.#faultCount++;
    if (this.#faults.length < mostFaults) this.#faults.push({ line, message });
  }

  /** `date` is YYYY-MM-DD in form; whether there is such a day is looked at here. */
  add({ line, date, name }: { line: number; date: string; name: string }): void {
    const year = Number(date.slice(0, 4));
    if (!isDay(date)) this.fault(line, `there is no ${date} in the calendar`);
    else if (year < firstYear || year > lastYear) this.fault(line, `${date} is outside of the years ${firstYear} to ${lastYear}`);
    else if (!this.#dates.has(date) && this.#dates.size >= mostDates) this.fault(line, `there are more than ${mostDates.toLocaleString('en')} dates`);
    else this.#put(date, storable(name.replace(/\s+/g, ' ').trim()).slice(0, longestName) || nameless);
  }

  #put(date: string, name: string): void {
    const names = this.#dates.get(date) ?? [];
    if (!names.includes(name) && [...names, name].join(', ').length <= longestName) names.push(name);
    this.#dates.set(date, names);
  }

  result(): ImportPreview {
    const dates = [...this.#dates].map(([date, names]) => ({ date, name: names.join(', ') })).sort((a, b) => (a.date < b.date ? -1 : 1));
    return { dates, faults: this.#faults.sort((a, b) => a.line - b.line), faultCount: this.#faultCount };
  }
}

function isDay(date: string): boolean {
  const instant = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(date);
}
