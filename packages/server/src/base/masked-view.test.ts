import { NotFound } from '@tidewheel/contract/errors';
import { describe, expect, it } from 'vitest';
import { limitedActor } from '../testing/limited-actor.ts';
import { maskedRows } from './masked-run.ts';
import { maskedRecord, maskText, restoredRecord, type Shown, textsKept, withoutTexts } from './masked-view.ts';
import { refusalIn, requireOn } from './object-access.ts';

const workspace = '019a9f0c-6f3e-7b1c-8a52-0d9b8f3f4a12';
const bank = { connection: 'bank', folder: 'finance', type: 'sftp' };
const shown: Shown = { type: 'connection', permission: 'connection.read', object: bank };
const actor = limitedActor(workspace, {
  rules: [{ permissions: ['connection.read', 'run.read'] }],
  masks: [
    { type: 'connection', field: 'config.host', as: 'masked', where: { folder: ['finance'] } },
    { type: 'connection', field: 'config.proxy.user', as: 'hidden' },
    { type: 'run', field: 'columns.ISIN', as: 'masked' },
    { type: 'run', field: 'columns.trade.price', as: 'hidden' },
  ],
});
const config = { host: 'sftp.example.com', port: 22, proxy: { user: 'ann', port: 1 }, list: ['sftp.example.com'] };
const seen = { host: maskText, port: 22, proxy: { port: 1 }, list: ['sftp.example.com'] };

describe('a masked record', () => {
  it('loses what is hidden, shows that something is masked, and keeps the rest', () => {
    expect(maskedRecord(actor, shown, { field: 'config', record: config })).toEqual(seen);
    const elsewhere = { ...shown, object: { ...bank, folder: null } };
    expect(maskedRecord(actor, elsewhere, { field: 'config', record: config })).toMatchObject({ host: 'sftp.example.com' });
  });
  it('sent back as it was seen changes nothing; what was given anew counts', () => {
    expect(restoredRecord(actor, shown, { field: 'config', given: seen, stored: config })).toEqual(config);
    const given = { ...seen, host: 'other.example.com', proxy: { user: 'bob', port: 2 } };
    expect(restoredRecord(actor, shown, { field: 'config', given, stored: config })).toEqual({
      ...config,
      host: 'other.example.com',
      proxy: { user: 'bob', port: 2 },
    });
  });
  it('is not told by a report that quotes it', () => {
    const kept = textsKept({ host: config.host, port: 22, user: 'ann' }, { host: maskText, port: 22, user: maskText });
    expect(withoutTexts({ detail: 'sftp.example.com:22 refused ann', ok: false }, kept)).toEqual({ detail: `${maskText}:22 refused ${maskText}`, ok: false });
  });
});

it('rows lose the cells of masked columns, however the column is written, and a reason that quotes one', () => {
  const columns = ['isin', 'qty', 'trade', '_reason'].map((name) => ({ name, type: 'VARCHAR' }));
  const rows = [
    ['US1', 5, { price: 9, at: 1 }, 'isin US1 is unknown'],
    ['US2', 6, { price: 8, at: 2 }, 'qty is too large'],
    [null, 7, null, 'isin is empty'],
  ];
  const page = { columns, rows, truncated: false };
  expect(maskedRows(actor, { page, object: { flow: 'a', folder: null, kind: 'job', startedBy: 'x' } }).rows).toEqual([
    [maskText, 5, { at: 1 }, maskText],
    [maskText, 6, { at: 2 }, 'qty is too large'],
    [null, 7, null, 'isin is empty'],
  ]);
});

describe('requireOn', () => {
  const limited = limitedActor(workspace, {
    rules: [
      { permissions: ['flow.read'], where: { folder: ['finance'] } },
      { permissions: ['flow.run'], where: { flow: ['blind'] } },
    ],
  });
  const ask = (flow: string, folder: string | null) => {
    try {
      requireOn(limited, {
        permission: 'flow.run',
        read: 'flow.read',
        object: { flow, folder, kind: 'job' },
        unknown: () => new NotFound('flow.unknown', 'There is no such flow.', { hint: 'Look again.' }),
      });
    } catch (error) {
      return error as NotFound;
    }
    return undefined;
  };
  it('hides what may not be read, refuses what may only be read, and lets by who may do it without reading', () => {
    const hidden = ask('a', 'operations');
    expect(hidden).toMatchObject({ status: 404, code: 'flow.unknown', hint: 'Look again.', details: undefined });
    expect(refusalIn(hidden)?.details).toMatchObject({ permission: 'flow.run', object: { flow: 'a' } });
    expect(ask('a', 'finance')).toMatchObject({
      status: 403,
      details: { permission: 'flow.run', why: [{ source: 'role Limited', verdict: 'other objects only' }] },
    });
    expect(ask('blind', null)).toBeUndefined();
    expect(refusalIn(new NotFound('flow.unknown', 'There is none.'))).toBeUndefined();
  });
});
