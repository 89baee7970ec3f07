// A schedule as a YAML document: its name, whether it is active, and everything that it is made of.

import { isDeepStrictEqual } from 'node:util';
import type { Client } from '@tidewheel/client/client';
import { activateSchedule, createSchedule, pauseSchedule, showSchedule, updateSchedule } from '@tidewheel/client/routes';
import { InvalidInput, NotFound } from '@tidewheel/contract/errors';
import type { Schedule } from '@tidewheel/contract/routes/schedules';
import { parseAllDocuments, stringify } from 'yaml';

export interface ScheduleDocument {
  schedule: string;
  active?: boolean;
  [field: string]: unknown;
}

export function documentsIn(text: string, fileName: string): ScheduleDocument[] {
  return parseAllDocuments(text).map((document) => {
    const [fault] = document.errors;
    if (fault) throw new InvalidInput('input.yaml', `${fileName} is no YAML: ${fault.message}`, { cause: fault });
    const content = document.toJS() as unknown;
    if (typeof content === 'object' && content !== null && 'schedule' in content && typeof content.schedule === 'string') return content as ScheduleDocument;
    throw new InvalidInput('schedule.document', `${fileName} must name its schedule.`, {
      hint: 'For example: schedule: mifir-evening. See `tidewheel schedule export`.',
    });
  });
}

/** What is as it would be without saying so is left out. */
export function documentOf({ slug, state, definition }: Schedule): string {
  const { description, calendar, exclusions, windows, from, to, parameters, policies, ...rest } = definition;
  const some = { description, calendar, exclusions, windows, from, to, parameters };
  const told = Object.fromEntries(Object.entries(some).filter(([, value]) => value !== null && Object.keys(value as object).length > 0));
  return stringify({ schedule: slug, ...(state === 'active' ? {} : { active: false }), ...rest, ...told, policies });
}

/** @returns what became of it */
export async function applyDocument(
  client: Client,
  { schedule: slug, active = true, ...given }: ScheduleDocument,
): Promise<{ schedule: Schedule; outcome: string }> {
  const params = { slug };
  const before = await client.call(showSchedule, { params }).catch((error: unknown) => {
    if (error instanceof NotFound) return null;
    throw error;
  });
  // The server says what is wrong with it, with the path of each fault.
  const definition = given as never as Schedule['definition'];
  if (before === null) return { schedule: await client.call(createSchedule, { body: { ...definition, slug, active } }), outcome: 'created' };
  let schedule = await client.call(updateSchedule, { params, body: { ...definition, revision: before.revision } });
  if (active !== (schedule.state === 'active'))
    schedule = active ? await client.call(activateSchedule, { params }) : await client.call(pauseSchedule, { params });
  const isSame = isDeepStrictEqual(before.definition, schedule.definition) && before.state === schedule.state;
  return { schedule, outcome: isSame ? 'unchanged' : 'changed' };
}
