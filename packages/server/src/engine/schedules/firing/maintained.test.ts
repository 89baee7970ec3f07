import { FlowDocument } from '@tidewheel/contract/flow-document';
import { expect, test } from 'vitest';
import { noTargets } from '../../no-targets.ts';
import { maintenanceOf } from './maintained.ts';

const resting = [{ name: 'web-1', until: new Date('2026-11-21T12:00:00Z'), reason: 'new disks' }];
const targets = { ...noTargets, inMaintenance: async (_: string, names: readonly string[]) => resting.filter(({ name }) => names.includes(name)) };

/** Why a run with this step is not begun. */
const whyNot = (use: string, config: Record<string, unknown>) =>
  maintenanceOf(targets, { workspaceId: 'w', document: FlowDocument.parse({ flow: 'f', title: 'F', steps: { a: { use, with: config } } }) });

test('a host in maintenance holds back what names it, on either side of a transfer too', async () => {
  const said = 'web-1 is in maintenance until 2026-11-21T12:00:00.000Z: new disks';
  expect(await whyNot('ssh.run', { target: 'web-1', command: 'true' })).toBe(said);
  expect(await whyNot('file.transfer', { from: { target: 'web-1', path: 'out' }, to: { connection: 'archive' } })).toBe(said);
  expect(await whyNot('file.transfer', { from: { connection: 'archive' }, to: { target: 'web-1' } })).toBe(said);
});

test('what names another host, or computes which one, is begun', async () => {
  expect(await whyNot('ssh.run', { target: 'web-2', command: 'true' })).toBeNull();
  expect(await whyNot('file.transfer', { from: { target: '{{ item.name }}' }, to: { connection: 'archive' } })).toBeNull();
  expect(await whyNot('flow.value', { value: '1' })).toBeNull();
});
