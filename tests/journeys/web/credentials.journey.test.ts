// The life of a credential as an administrator sees it: made, used by a connection, tested, rotated, archived. Its secret shows nowhere.
import { showCredential } from '@tidewheel/client/routes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBrowser, startWebProduct, type Visitor, type WebProduct } from './web-product.ts';

const first = 'sesame-4711-first';
const second = 'sesame-4711-second';

const screens = process.env['TIDEWHEEL_SCREENS'];

/** For those who want to look: TIDEWHEEL_SCREENS names a folder. */
async function shoot({ page }: Visitor, name: string): Promise<void> {
  if (screens) await page.screenshot({ path: `${screens}/${name}.png`, fullPage: true });
}

describe.runIf(hasBrowser)('credentials in the browser', () => {
  let product: WebProduct;
  let visitor: Visitor;
  beforeAll(async () => {
    product = await startWebProduct();
    visitor = await product.signedIn();
  });
  afterAll(() => product?.stop());

  it('are made from a type, and what they hold is not shown again', async () => {
    const { page } = visitor;
    await visitor.goto('/credentials');
    await page.getByText('No credentials yet').waitFor();
    await page.getByRole('link', { name: 'New credential' }).first().click();
    await page.getByRole('button', { name: /^SSH/ }).click();
    await page.getByLabel('Title').fill('Bank SFTP');
    await page.getByLabel('What it is for').fill('Of treasury');
    await page.getByRole('combobox', { name: 'May be sent to' }).fill('sftp.bank.example');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: /^User/ }).fill('acme');
    await page.getByRole('button', { name: 'Save' }).click();
    await page
      .getByText('give a password or a private key')
      .or(page.getByText(/password/i).first())
      .first()
      .waitFor();
    await page.getByLabel(/^Password( \*)?$/).fill(first);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Bank SFTP' }).waitFor();
    expect(await page.content()).not.toContain(first);
    await page.getByText('No connection and no host uses it.').waitFor();
  });

  it('serve a connection, are tested through it, and are rotated under it', async () => {
    const { page } = visitor;
    await visitor.goto('/connections/new?type=sftp');
    await page.getByLabel('Title').fill('The bank');
    await page.getByRole('textbox', { name: /^Host(?! key)/ }).fill('sftp.bank.example');
    await page.getByText('A credential', { exact: true }).click();
    await page.getByRole('textbox', { name: /^Host key/ }).fill(`SHA256:${'A'.repeat(43)}`);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'The bank' }).waitFor();
    await shoot(visitor, 'connection-credential');
    await visitor.goto('/credentials/bank-sftp');
    await page.getByRole('link', { name: 'The bank' }).waitFor();
    await page.getByRole('button', { name: 'Test', exact: true }).click();
    await page.getByText('It does not work').waitFor();
    await page.getByText('The secret opens with the present key and is whole.').waitFor();
    await page.getByRole('button', { name: 'Rotate' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Password( \*)?$/).fill(second);
    await dialog.getByRole('button', { name: 'Rotate' }).click();
    await page.getByText('version 2', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    expect(await page.content()).not.toContain('sesame-4711');
    await shoot(visitor, 'credential-light');
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await shoot(visitor, 'credential-phone-dark');
    await visitor.goto('/credentials');
    await page.getByRole('link', { name: 'Bank SFTP' }).waitFor();
    await shoot(visitor, 'credentials-phone-dark');
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme: 'light' });
    await shoot(visitor, 'credentials-light');
    expect(await product.client.call(showCredential, { params: { slug: 'bank-sftp' } })).toMatchObject({ version: 2, usedBy: 1, fields: { user: 'acme' } });
  });

  it('are archived only with a word about who uses them', async () => {
    const { page } = visitor;
    await visitor.goto('/credentials/bank-sftp');
    await page.getByRole('button', { name: 'Archive' }).click();
    await page.getByText('1 connection uses it and will fail from then on.').waitFor();
    await page.getByRole('button', { name: 'Archive nevertheless' }).click();
    await page.getByText('No credentials yet').waitFor();
    await page.getByText('Archived', { exact: true }).click();
    await page.getByRole('link', { name: 'Bank SFTP' }).waitFor();
  });

  it('lie in a vault whose keys are wrapped anew from its page', async () => {
    const { page } = visitor;
    await visitor.goto('/admin/vault');
    await page.getByRole('button', { name: 'Wrap anew' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Wrap anew' }).click();
    await page.getByLabel('Last re-wrap').getByText('Done').waitFor();
    await shoot(visitor, 'vault-light');
    expect(visitor.complaints).toEqual([]);
  });
});
