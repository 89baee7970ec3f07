// Writing flows in the browser: faults at their lines, a first version, a run that fails and says what to do, connections, files, people.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { listRuns, showFlow } from '@tidewheel/client/routes';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasBrowser, startWebProduct, type Visitor, type WebProduct } from './web-product.ts';

let product: WebProduct;
let visitor: Visitor;
let page: Page;

async function write(source: string): Promise<void> {
  const editor = page.getByRole('textbox', { name: 'Flow document (YAML)' });
  await editor.click();
  await page.keyboard.press('Control+a');
  // As a paste: typing would be indented by the editor.
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
  }, source);
}

const failing = `flow: missing-file
title: Reads what is not there
steps:
  read:
    use: table.read
    with: { connection: demo-data, path: no-such-file.csv, format: csv }
  out:
    use: table.write
    from: read
    with: { name: out.csv, format: csv }
`;

describe.skipIf(!hasBrowser)('writing flows in the browser', () => {
  beforeAll(async () => {
    product = await startWebProduct();
    visitor = await product.signedIn();
    page = visitor.page;
  });
  afterAll(() => product?.stop());

  test('a fault is shown at its line, and the graph as soon as there is none', async () => {
    await visitor.goto('/flows/new');
    await write(failing.replace('table.write', 'table.wriet'));
    const faults = page.getByRole('region', { name: 'Faults' });
    await faults.getByText(/table\.write/).waitFor();
    expect(await faults.getByRole('listitem').first().textContent()).toMatch(/Line [89]\s*steps\.out\.use/);
    await page.locator('.cm-lintRange-error, .cm-lintPoint-error').first().waitFor();
    await write(failing);
    await faults.getByText('No faults').waitFor();
    await page.locator('.react-flow__node').nth(1).waitFor();
  });

  test('saved, it has a page of its own', async () => {
    await page.getByRole('button', { name: 'Make the flow' }).click();
    await page.waitForURL(/\/flows\/missing-file/);
    await page.getByRole('heading', { name: 'Reads what is not there' }).waitFor();
  });

  test('a run that fails opens with the failed step, its error and what to do', async () => {
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('button', { name: 'Start the run' }).click();
    await page.locator('header [data-state=failed]').waitFor();
    const panel = page.getByRole('complementary', { name: 'Step read' });
    await panel
      .getByText(/no-such-file\.csv/)
      .first()
      .waitFor();
    const { items } = await product.client.call(listRuns, { query: { flow: 'missing-file', limit: 1 } });
    const hint = items[0]?.error?.hint;
    expect(hint).toBeTruthy();
    expect(await panel.getByRole('alert').textContent()).toContain(hint);
  });

  test('a second version is kept beside the first, and the first can be taken up again', async () => {
    await visitor.goto('/flows/missing-file');
    await page.getByText(/^version 1/).waitFor();
    await write(failing.replace('Reads what is not there', 'Reads something else'));
    await page.getByText('No faults').waitFor();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('heading', { name: 'Reads something else' }).waitFor();
    await page.getByRole('tab', { name: 'Versions' }).click();
    await page.getByText('Version 2 (newest)').waitFor();
    await page.getByRole('button', { name: 'Open in the editor' }).click();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText(/^version 3/).waitFor();
  });

  test('an archived flow leaves the list and comes back', async () => {
    await page.getByRole('button', { name: 'Archive' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Archive' }).click();
    await page.getByRole('button', { name: 'Restore' }).click();
    await page.getByRole('button', { name: 'Run', exact: true }).waitFor();
  });

  test('a job is built as a list of steps from nothing, put in order, given a parameter, and run', async () => {
    await visitor.goto('/flows/new');
    await page.getByRole('button', { name: 'Job as a list of steps' }).click();
    await page.waitForURL(/view=steps/);
    await page.getByRole('button', { name: 'Add the first step' }).click();
    await page.getByRole('textbox', { name: 'Search the kinds of steps' }).fill('flow.value');
    await page.keyboard.press('Enter');
    const list = page.getByRole('region', { name: 'Steps' });
    await page.getByRole('region', { name: 'Step value' }).getByRole('textbox', { name: 'Name', exact: true }).fill('greeting');
    await page.keyboard.press('Enter');
    await list.getByText('greeting', { exact: true }).waitFor();
    await list.getByRole('button', { name: 'Add a step' }).click();
    await page.getByRole('textbox', { name: 'Search the kinds of steps' }).fill('flow.value');
    await page.keyboard.press('Enter');
    await list.getByText('after greeting').waitFor();
    await page.getByRole('region', { name: 'Step value' }).locator('[name=value]').fill('"Hello"');

    await list.getByRole('button', { name: /^The job/ }).click();
    await page.getByRole('textbox', { name: 'Title', exact: true }).fill('Greets');
    await page.getByRole('button', { name: 'Add a parameter' }).click();
    await page.getByRole('textbox', { name: 'Name of the parameter' }).fill('who');
    await page.keyboard.press('Enter');
    await page.getByRole('group', { name: 'who' }).getByRole('combobox', { name: 'Choices' }).fill('world');
    await page.keyboard.press('Enter');
    await list.getByRole('button', { name: /^greeting/ }).click();
    const value = page.getByRole('region', { name: 'Step greeting' }).locator('[name=value]');
    await value.pressSequentially('"a " + wh');
    await page.getByRole('option', { name: /^who/ }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await value.inputValue()).toBe('"a " + who');

    await list.getByRole('button', { name: 'What to do with value' }).click();
    await page.getByRole('menuitem', { name: 'Move up' }).click();
    await list.getByText('after value').waitFor();
    await list.getByRole('button', { name: 'Undo' }).click();
    await list.getByText('after greeting').waitFor();
    await list.getByRole('button', { name: 'Redo' }).click();
    await list.getByText('after value').waitFor();
    await list.getByRole('button', { name: 'Undo' }).click();
    await list.getByText('after greeting').waitFor();
    await list.getByRole('listitem').nth(1).dragTo(list.getByRole('listitem').nth(0));
    await list.getByText('after value').waitFor();

    await page.getByText('No faults').waitFor();
    await page.getByRole('button', { name: 'Make the flow' }).click();
    await page.waitForURL(/\/flows\/my-job/);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('dialog').getByRole('combobox', { name: /who/i }).click();
    await page.getByRole('option', { name: 'world' }).click();
    await page.getByRole('button', { name: 'Start the run' }).click();
    await page.locator('header [data-state=succeeded]').waitFor();
    const { source } = await product.client.call(showFlow, { params: { slug: 'my-job' } });
    expect(source).toContain('steps:\n  value:\n    use: flow.value\n    with:\n      value: \'"Hello"\'\n  greeting:\n    use: flow.value\n');
  });

  test('a connection is tested before it is saved, and its fault says what to do', async () => {
    await visitor.goto('/connections/new');
    await page.getByRole('button', { name: /^Folder/ }).click();
    await page.getByLabel('Title').fill('Exchange folder');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('is needed').waitFor();
    await page.locator('input[name=root]').fill(path.join(product.server.dataFolder, 'files', 'not-there'));
    await page.getByRole('button', { name: 'Test' }).click();
    const report = page.getByRole('region', { name: 'Test' });
    await report
      .getByText(/does not work yet|Make the folder|cannot/)
      .first()
      .waitFor();
    await page.locator('input[name=root]').fill(path.join(product.server.dataFolder, 'files'));
    await page.getByRole('button', { name: 'Test' }).click();
    await report.getByText('All checks passed').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(/\/connections\/exchange-folder/);
  });

  test('a secret goes in and never comes out', async () => {
    await visitor.goto('/connections/new?type=sftp');
    await page.getByLabel('Title').fill('Regulator');
    await page.locator('input[name=host]').fill('sftp.example.com');
    await page.locator('input[name=user]').fill('tidewheel');
    await page.locator('input[name=hostKey]').fill('SHA256:uNiVztksCsDhcc0u9e8BrqyuqS2VGvTXMFzYqWMbsCY');
    await page.locator('input[name=password]').fill('a secret of the vault');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.waitForURL(/\/connections\/regulator/);
    await page.getByText('A secret is stored in the vault').waitFor();
    expect(await page.locator('input[name=password]').inputValue()).toBe('');
    expect(await page.content()).not.toContain('a secret of the vault');
  });

  test('a file is uploaded, listed and downloaded as it was', async () => {
    const file = path.join(product.server.dataFolder, 'Länder (neu).csv');
    await writeFile(file, 'code,name\nDE,Deutschland\n');
    await visitor.goto('/files');
    await page.locator('input[type=file]').setInputFiles(file);
    const dialog = page.getByRole('dialog');
    const name = dialog.getByLabel('Name of Länder (neu).csv');
    expect(await name.inputValue()).toBe('lander-neu');
    await name.fill('Länder');
    await dialog.getByText('must be 1 to 64 characters').waitFor();
    expect(await dialog.getByRole('button', { name: 'Upload' }).isDisabled()).toBe(true);
    await name.fill('laender');
    await dialog.getByRole('button', { name: 'Upload' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('laender', { exact: true }).waitFor();
    await page.locator('input[type=file]').setInputFiles(file);
    await name.fill('laender');
    await dialog.getByText('Replaces Länder (neu).csv').waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download Länder (neu).csv' }).click()]);
    expect(await readFile(await download.path(), 'utf8')).toBe('code,name\nDE,Deutschland\n');
  });

  test('several flows are switched off together, and on again', async () => {
    await visitor.goto('/flows');
    const dialog = page.getByRole('dialog');
    const begin = async (verb: string) => {
      await page.getByLabel('Choose missing-file', { exact: true }).check();
      await page.getByRole('button', { name: /^With 1 chosen/ }).click();
      await page.getByRole('menuitem', { name: verb, exact: true }).click();
    };
    await begin('Switch off');
    await dialog.getByLabel('Reason').fill('the source is late');
    await dialog.getByRole('button', { name: 'Switch off 1', exact: true }).click();
    await page.getByText('off: the source is late').waitFor();
    await begin('Switch on');
    await dialog.getByRole('button', { name: 'Switch on 1', exact: true }).click();
    await page.getByText('off: the source is late').waitFor({ state: 'detached' });
  });

  test('an invited person gets an account with the role that was given, and sees no more than it allows', async () => {
    await visitor.goto('/admin/users');
    await page.getByRole('button', { name: 'Invite a person' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('E-mail').fill('grace@example.org');
    await dialog.getByRole('button', { name: 'Invite', exact: true }).click();
    const link = await dialog.getByLabel('the link', { exact: true }).inputValue();
    const guest = await product.open();
    await guest.goto(link);
    await guest.page.locator('input[name=name]').fill('Grace Hopper');
    await guest.page.locator('input[name=password]').fill('another long password');
    await guest.page.getByRole('button', { name: 'Make the account' }).click();
    await guest.page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
    expect(await guest.page.getByRole('link', { name: 'New flow' }).count()).toBe(0);
    await guest.goto('/flows/missing-file');
    await guest.page.getByRole('heading', { name: 'Reads' }).waitFor();
    expect(await guest.page.getByRole('button', { name: 'Save' }).count()).toBe(0);
    for (const address of ['/flows/new', '/connections/new?type=sftp']) {
      await guest.goto(address);
      await guest.page.getByRole('heading', { name: 'You may not open this page' }).waitFor();
      expect(await guest.page.locator('form, .cm-editor').count()).toBe(0);
    }
    await guest.page.getByRole('link', { name: 'Go to the home page' }).click();
    await guest.page.getByRole('heading', { name: 'Home', level: 1 }).waitFor();
    expect(guest.complaints).toEqual([]);
    await guest.context.close();
  });

  test('an API token is shown once', async () => {
    await visitor.goto('/profile');
    await page.getByRole('button', { name: 'New token' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('What it is for').fill('Nightly script');
    await dialog.getByRole('button', { name: 'Make the token' }).click();
    const token = await dialog.getByLabel('the token', { exact: true }).inputValue();
    const answer = await fetch(`${product.server.origin}/api/auth/me`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(200);
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByText('Nightly script').waitFor();
    expect(await page.content()).not.toContain(token);
  });

  test('what is not there says so, with a way to try again', async () => {
    await visitor.goto('/runs/00000000-0000-7000-8000-000000000000');
    await page.getByRole('alert').getByRole('button', { name: 'Try again' }).waitFor();
    await visitor.goto('/flows/never-made');
    await page
      .getByRole('alert')
      .getByText(/never-made/)
      .waitFor();
  });

  test('the browser had nothing to complain about', () => {
    expect(visitor.complaints).toEqual([]);
  });
});
