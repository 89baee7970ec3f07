// npm run bench grid: a session of 50,000 colors in Chromium, scrolled as fast as the browser draws, beside an empty page of the same browser.
import { beginColorUpload, changeColorSession, sendColorUpload, startColorSession } from '@tidewheel/client/routes';
import type { ColorUpload } from '@tidewheel/contract/routes/color-uploads';
import { startWebProduct, type WebProduct } from '../tests/journeys/web/web-product.ts';
import { framesBare, framesScrolled } from './grid/frames.ts';
import { distinctColors } from './grid/rows.ts';
import { report } from './report.ts';

const rows = Number(process.env.BENCH_ROWS ?? 50_000);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);

async function timed<T>(work: () => Promise<T>): Promise<{ seconds: number; answer: T }> {
  const start = performance.now();
  const answer = await work();
  return { seconds: (performance.now() - start) / 1_000, answer };
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

async function uploaded({ client }: WebProduct): Promise<void> {
  const content = new Blob([distinctColors(rows)]);
  let upload: ColorUpload = await client.call(beginColorUpload, { body: { name: 'synthetic.csv', size: content.size } });
  while (upload.state === 'receiving') {
    const offset = upload.received;
    upload = await client.call(sendColorUpload, { params: { id: upload.id }, query: { offset }, body: content.slice(offset, offset + 8_000_000) });
  }
  if (upload.rows !== rows) throw new RangeError(`${upload.rows} of ${rows} rows came into the buffer: ${JSON.stringify(upload.notes)}`);
}

const product = await startWebProduct();
const frames = { bare: [] as number[], scrolled: [] as number[] };
let whole = { start: 0, bulk: 0 };
try {
  await uploaded(product);
  const started = await timed(() => product.client.call(startColorSession, { body: { title: 'Measured' } }));
  if (started.answer.rows !== rows) throw new RangeError(`The session took ${started.answer.rows} of ${rows} rows.`);
  const { id, revision } = started.answer;
  const action = { kind: 'color', color: 'teal' } as const;
  const bulk = await timed(() => product.client.call(changeColorSession, { params: { id }, body: { action, filter: {}, seen: revision } }));
  whole = { start: started.seconds, bulk: bulk.seconds };
  const { page, goto } = await product.signedIn();
  for (let round = 0; round < rounds; round++) {
    await page.goto('about:blank');
    frames.bare.push(await framesBare(page));
    await goto(`/colors/sessions/${id}`);
    frames.scrolled.push(await framesScrolled(page));
  }
} finally {
  await product.stop();
}
const many = rows.toLocaleString('en');
const limit = median(frames.bare);
const ratio = median(frames.scrolled) / limit;
const plain = { unit: 's', limit: null, ratio: null, goal: null, met: null };
report({
  bench: 'grid',
  results: [
    // An empty page of this browser draws as many as it can.
    {
      name: `${many} rows scrolled for 5 s (beside an empty page)`,
      value: median(frames.scrolled),
      unit: 'frames/s',
      limit,
      ratio,
      goal: 50,
      met: median(frames.scrolled) >= 50,
    },
    { name: 'the session is started: ranked and kept with places', value: whole.start, ...plain },
    { name: 'all of its rows are coloured by one action', value: whole.bulk, ...plain },
  ],
});
