// Calendars, by hand: each of their actions, and a run whose expressions count business days by one of them.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Client } from '@tidewheel/client/client';
import * as routes from '@tidewheel/client/routes';
import { expect } from 'vitest';
import { apply, type Product, start, untilEnded } from '../bad-input/product.ts';

const flow = `flow: business-days
title: Business days
kind: job
parameters:
  day: { type: date, default: 'calendar("desk").previous("2026-12-31")' }
steps:
  told:
    use: report.text
    when: 'calendar("desk").isBusinessDay(day)'
    with: { fileName: day.txt, template: 'settled {{ parameters.day }}' }
outputs:
  settles: { value: 'calendar("desk").add(day, 2)' }
`;

export async function doCalendars(client: Client, { shell }: Pick<Product, 'shell'>): Promise<void> {
  const params = { slug: 'desk' };
  const rules = path.join(shell.folder, 'desk.yaml');
  const days = path.join(shell.folder, 'days.csv');
  await writeFile(rules, 'rules:\n  - { kind: calendar, calendar: TARGET }\n');
  await writeFile(days, 'date;name\n31.12.2026;Closing\n2026-02-30;Nothing\n');
  expect(await shell.tidewheel(['calendar', 'create', 'desk', rules, '--title', 'The desk'])).toMatchObject({ code: 0 });
  expect(await shell.tidewheel(['calendar', 'import', 'desk', days, '--dry-run'])).toMatchObject({ code: 0, stdout: expect.stringContaining('Closing') });
  expect(await shell.tidewheel(['calendar', 'import', 'desk', days])).toMatchObject({ code: 0, stdout: expect.stringContaining('version 2') });
  expect(await shell.tidewheel(['calendar', 'count', 'desk', '2026-12-31'])).toMatchObject({ stdout: '2026-12-31 is no business day: Closing\n' });
  expect(await shell.tidewheel(['calendar', 'year', 'desk', '2026'])).toMatchObject({ stdout: expect.stringContaining('Good Friday') });
  expect(await shell.tidewheel(['calendar', 'compare', 'desk', '1', '2', '--year', '2026'])).toMatchObject({
    stdout: expect.stringMatching(/2026-12-31 +closed/),
  });
  const file = path.join(shell.folder, 'desk.ics');
  expect(await shell.tidewheel(['calendar', 'export', 'desk', '--format', 'ics', '--from', '2026', '--output', file])).toMatchObject({ code: 0 });
  expect(await readFile(file, 'utf8')).toContain('DTSTART;VALUE=DATE:20261231');
  await apply(client, flow);
  const id = await start(client, 'business-days');
  expect(await untilEnded(client, id)).toMatchObject({ state: 'succeeded', parameters: { day: '2026-12-30' } });
  expect(await shell.tidewheel(['calendar', 'archive', 'desk'])).toMatchObject({ code: 6, stderr: expect.stringContaining('flow business-days') });
  await apply(client, flow.replaceAll('"desk"', '"TARGET"'));
  await client.call(routes.archiveCalendar, { params });
  await expect(apply(client, flow)).rejects.toThrow(/no calendar "desk"/);
  await client.call(routes.restoreCalendar, { params });
}
