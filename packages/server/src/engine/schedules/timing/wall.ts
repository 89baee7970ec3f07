// Dates and times of the day as numbers: a date is a day since 1970-01-01, a time the seconds since midnight.
import { weekdays } from '@tidewheel/contract/calendar-limits';
import { toDate, toDay } from '../../../platform/calendars/day-number.ts';
import { dayMs } from './zone.ts';

export { toDate, toDay };

export function dayOfWall(wall: number): number {
  return Math.floor(wall / dayMs);
}
export function secondOfWall(wall: number): number {
  return Math.floor((wall - dayOfWall(wall) * dayMs) / 1_000);
}
export function wallOf(day: number, second: number): number {
  return day * dayMs + second * 1_000;
}

/** `18:00` or `18:00:30` */
export function secondsOf(time: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number);
  return hours * 3_600 + minutes * 60 + seconds;
}
/** `2026-12-31T18:00` */
export function wallOfText(text: string): number {
  const [date = '', time = ''] = text.split('T');
  return wallOf(toDay(date), secondsOf(time));
}
export function timeText(second: number): string {
  return new Date(second * 1_000).toISOString().slice(11, second % 60 === 0 ? 16 : 19);
}
export function weekdayName(day: number): (typeof weekdays)[number] {
  return weekdays[(((day + 3) % 7) + 7) % 7] as (typeof weekdays)[number];
}
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
