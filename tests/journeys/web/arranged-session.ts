// A session of the color desk with everything that the rows of its grid can show.
import { changeColorSession, listSessionRows, pasteColors, startColorSession } from '@tidewheel/client/routes';
import type { WebProduct } from './web-product.ts';

/** A bond with two rows, one that the rule Retail excludes, a doubtful one; the first is coloured by hand. */
export async function arrangedSession({ client }: Pick<WebProduct, 'client'>): Promise<{ id: string; row: string }> {
  const bonds = ['594918104\tMSFT\t99\tALDR', '594918104\tMSFT\t98-16+\tBRCH', '17275R102\tCSCO\t97\tRetail desk', '88579Y10\tMMM\t95\tALDR'];
  const upload = await client.call(pasteColors, { body: { text: `Cusip\tTicker\tPx\tDealer\n${bonds.join('\n')}\n`, title: 'By hand' } });
  const { id } = await client.call(startColorSession, { body: { title: 'By hand', uploads: [upload.id] } });
  const rows = async () => (await client.call(listSessionRows, { params: { id }, query: {} })).rows;
  const [first] = await rows();
  if (first === undefined) throw new RangeError('the session took no rows');
  await client.call(changeColorSession, {
    params: { id },
    body: { action: { kind: 'color', color: 'red' }, rows: [{ id: first.id, revision: first.revision }] },
  });
  return { id, row: first.id };
}
