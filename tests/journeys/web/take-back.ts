import type { Visitor } from './web-product.ts';

/** Takes the newest change of that kind back in the change log. */
export async function takeBack({ page, goto }: Visitor, { module, action }: { module: string; action: string }): Promise<void> {
  await goto(`/admin/changes?module=${module}`);
  await page
    .getByRole('button', { name: new RegExp(`^Show ${action}`) })
    .first()
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click();
  await page
    .getByRole('dialog', { name: /Take back this change/ })
    .getByRole('button', { name: 'Take it back' })
    .click();
}
