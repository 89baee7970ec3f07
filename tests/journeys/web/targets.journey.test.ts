// An administrator registers hosts, pins a key, groups and tests them, and takes one out of work.
import { createCredential, createTarget } from '@tidewheel/client/routes';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sshdMissing, startSshd, type TestSshd } from '../../../packages/steps/src/testing/sshd.ts';
import { hasBrowser, startWebProduct, type WebProduct } from './web-product.ts';

describe.skipIf(!hasBrowser || sshdMissing !== undefined)('hosts in the web', () => {
  let product: WebProduct;
  let sshd: TestSshd;
  let page: Page;
  let goto: (address: string) => Promise<void>;
  beforeAll(async () => {
    sshd = await startSshd();
    product = await startWebProduct({ TIDEWHEEL_EGRESS_ALLOW: '127.0.0.0/8' });
    const secret = { password: sshd.user.password };
    const body = { slug: 'ops', title: 'Operations', type: 'ssh', fields: { user: sshd.user.name }, secret, hosts: ['127.0.0.1'] };
    await product.client.call(createCredential, { body });
    ({ page, goto } = await product.signedIn());
  });
  afterAll(async () => {
    await product?.stop();
    await sshd?.[Symbol.asyncDispose]();
  });

  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const choose = async (label: string, option: string | RegExp) => {
    await page.getByRole('combobox', { name: label }).click();
    await page.getByRole('option', { name: option }).click();
  };

  test('a host is tried, its key pinned, saved and tested', async () => {
    await goto('/targets');
    await page.getByText('No hosts yet').waitFor();
    await page.getByRole('link', { name: 'New host' }).first().click();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('lab1.example.org');
    await page.getByLabel('Address').fill('127.0.0.1');
    await page.getByRole('textbox', { name: 'Port' }).fill(String(sshd.port));
    await choose('Credential', /Operations/);
    await page.getByLabel('Facts').fill('rack: B7\ncpus: 8');
    await button('Test').click();
    await page.getByText('The host cannot be used yet').waitFor();
    await page.getByText(sshd.hostKey).first().waitFor();
    await button(/^Pin this/).click();
    await button('Test').click();
    await page.getByText('All checks passed').waitFor();
    await button('Save').click();
    await page.getByRole('heading', { name: 'lab1.example.org', level: 1 }).waitFor();
    await page.getByText('It was not tested yet').waitFor();
    await button('Test').click();
    await page.getByText('All checks passed').waitFor();
    await button('Find out facts').click();
    await page.getByText('Found out on the host').waitFor();
    await page.getByText('B7', { exact: true }).waitFor();

    await sshd.changeHostKey();
    await button('Test').click();
    await page.getByText('The host cannot be used').waitFor();
    const both = await page.getByText(`but ${sshd.hostKey} is pinned`).first().textContent();
    const [, shown] = /shows the host key (SHA256:[\w+/]{43}) \(/.exec(both ?? '') ?? [];
    expect(shown).not.toBe(sshd.hostKey);
    expect(shown).toBeDefined();
    await sshd.changeHostKey();
    await button('Test').click();
    await page.getByText('All checks passed').waitFor();
  });

  test('many are imported, found by a group, tested and changed at once', async () => {
    await goto('/targets');
    await button('Import').click();
    const settings = `${sshd.port},${sshd.hostKey}`;
    const lines = ['lab2', 'lab3', 'lab4'].map((name) => `${name}.example.org,127.0.0.1,ops,${settings},lab`);
    await page.getByLabel('Or paste it').fill(`Machine,address,credential,port,settings.hostKey,tags\n${lines.join('\n')}\n`);
    await button('Show what it would do').click();
    await page.getByText('no column is taken as name').waitFor();
    await page.getByLabel('What Machine is taken as').selectOption('name');
    await button('Show what it would do').click();
    await page.getByText('3 new, 0 changed').waitFor();
    await button('Import').last().click();
    await page.getByRole('link', { name: 'lab4.example.org' }).waitFor();
    await page.keyboard.press('Control+k');
    const search = page.getByRole('dialog');
    await search.getByRole('combobox', { name: 'Search flows, runs, hosts and more' }).fill('lab4');
    await search.getByRole('option', { name: /lab4.example.org Host/ }).waitFor();
    await search.getByRole('combobox').fill('Operations');
    await search.getByRole('option', { name: /Operations Credential/ }).waitFor();
    await page.keyboard.press('Escape');
    await search.waitFor({ state: 'detached' });

    await page.getByRole('tab', { name: 'Groups' }).click();
    await button('New group').first().click();
    await page.getByLabel('Title').fill('Lab');
    await page.getByRole('textbox', { name: 'Query' }).fill('"lab" in target.tags');
    await page.getByText('3 hosts now').waitFor();
    await button('Save').click();
    await page.getByRole('link', { name: 'Lab', exact: true }).click();
    await page.getByText('3 hosts', { exact: true }).waitFor();

    await button(/^With these 3/).click();
    await page.getByRole('menuitem', { name: 'Test' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByText('3 of 3 tested, 0 do not work').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await button('OK: 3').waitFor();

    await page.getByLabel('Choose lab2.example.org').check();
    await button(/^With 1 chosen/).click();
    await page.getByRole('menuitem', { name: /^Change/ }).click();
    await choose('What', 'Start maintenance');
    await page.getByLabel('Reason').fill('new disks');
    await button('Change 1').click();
    await button('Maintenance: 1').click();
    await page.getByRole('link', { name: 'lab2.example.org' }).click();
    await page.getByText('In maintenance').waitFor();
    await button('End maintenance').click();
    await page.getByText('In maintenance').waitFor({ state: 'hidden' });
  });

  test('what another host leads to is drawn, and stays', async () => {
    const bastion = { name: 'bastion.example.org', os: 'linux', address: '10.9.9.9' } as const;
    await product.client.call(createTarget, { body: bastion });
    await product.client.call(createTarget, { body: { name: 'inner.example.org', os: 'linux', address: '10.9.9.10', via: bastion.name } });
    await goto(`/targets/${bastion.name}`);
    await page.getByText('Is the way in for').waitFor();
    const drawing = page.getByRole('region', { name: 'Drawing of the relations' });
    await drawing.getByRole('link', { name: /inner/ }).waitFor();
    await page.getByRole('link', { name: 'Look around further' }).click();
    await page.getByRole('region', { name: `Around ${bastion.name}` }).waitFor();
    await drawing.getByRole('link', { name: /inner/ }).click();
    await page.getByRole('region', { name: 'Around inner.example.org' }).waitFor();
    await goto(`/targets/${bastion.name}`);
    await page.getByText('Is the way in for').waitFor();
    await page.getByRole('button', { name: 'Archive', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Archive', exact: true }).click();
    await page.getByText('inner.example.org is reached through').waitFor();
    await page.getByRole('alert').first().waitFor();
  });
});
