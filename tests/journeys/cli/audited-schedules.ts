// Everything that somebody can do to a schedule, for the journey that asks an audit entry of everything.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { apply, type Product } from '../bad-input/product.ts';

const flow = `flow: planned
title: Planned
kind: job
parameters:
  day: { type: date }
steps:
  value: { use: flow.value, with: { value: day } }
`;
const document = `schedule: evening
title: Every evening
flow: planned
timeZone: Europe/Paris
calendar: TARGET
rules:
  - kind: businessDays
    at: ["18:00"]
parameters:
  day: { expression: businessDate }
`;

export async function doSchedules({ client, server, shell }: Product): Promise<void> {
  await apply(client, flow);
  const tidewheel = async (...line: string[]) => {
    const result = await shell.tidewheel(line);
    expect(result, result.stderr).toMatchObject({ code: 0 });
    return result.stdout;
  };
  const file = path.join(server.dataFolder, 'evening.yaml');
  await writeFile(file, document);
  expect(await tidewheel('schedule', 'preview', file)).toContain('At 18:00, every business day of TARGET');
  expect(await tidewheel('schedule', 'apply', file)).toContain('evening: created');
  await writeFile(file, document.replace('18:00', '18:30'));
  expect(await tidewheel('schedule', 'apply', file)).toContain('evening: changed');
  await writeFile(file, await tidewheel('schedule', 'export', 'evening'));
  expect(await tidewheel('schedule', 'apply', file)).toContain('evening: unchanged');
  await writeFile(file, document.replace('"18:00"', '"25:00"'));
  expect(await shell.tidewheel(['schedule', 'apply', file])).toMatchObject({ code: 2, stderr: expect.stringContaining('rules.0.at.0') });
  const [next, second] = JSON.parse(await tidewheel('schedule', 'next', 'evening', '--limit', '2', '--json')).items;
  await tidewheel('schedule', 'skip', 'evening', next.instant, '--reason', 'the bank is closed');
  await tidewheel('schedule', 'move', 'evening', second.instant, new Date(Date.parse(second.instant) + 3_600_000).toISOString());
  await tidewheel('schedule', 'reset', 'evening', next.instant);
  expect(await tidewheel('schedule', 'why', 'evening', '2026-12-25')).toContain('Not fired: 2026-12-25 is Christmas Day');
  expect(await tidewheel('schedule', 'run', 'evening', '--cancel-next', '--watch')).toContain('succeeded');
  expect(await tidewheel('schedule', 'history', 'evening')).toContain('Run by hand');
  expect(await tidewheel('run', 'list', '--schedule', 'evening')).toContain('planned');
  expect(await tidewheel('schedule', 'bulk', 'evening', '--archive', '--dry-run')).toContain('1 of 1 would change');
  expect(await shell.tidewheel(['schedule', 'bulk', '--all'])).toMatchObject({ code: 2, stderr: expect.stringContaining('What shall be done?') });
  expect(await tidewheel('schedule', 'bulk', '--flow', 'planned', '--pause')).toContain('evening\n1 of 1 changed');
  expect(await tidewheel('schedule', 'bulk', 'evening', '--activate')).toContain('1 of 1 changed');
  await tidewheel('schedule', 'pause', 'evening');
  await tidewheel('schedule', 'activate', 'evening');
  await tidewheel('schedule', 'archive', 'evening');
  await tidewheel('schedule', 'restore', 'evening');
  expect(await tidewheel('schedule', 'show', 'evening')).toContain('paused');
  expect(await tidewheel('schedule', 'list')).toContain('evening');
  await tidewheel('scheduler', 'stop', '--reason', 'new disks');
  expect(await tidewheel('scheduler', 'status')).toContain('new disks');
  await tidewheel('scheduler', 'start');
}
