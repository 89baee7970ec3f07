// The first page of the desk: what was kept, by what, how it moved. Days are business dates of processings. ANL-02, 16, 17.
import { z } from 'zod';
import { Instant } from '../identifiers.ts';
import { defineRoute } from '../route.ts';

const tag = 'Colors';
const share = z.object({ name: z.string().describe('Empty: it said none'), colors: z.number().int(), volume: z.number().describe('Millions') });

export const ColorDashboard = z
  .object({
    today: z.object({
      day: z.iso.date(),
      timeZone: z.string().describe('Where it is that day: of the flow whose run was processed last'),
      colors: z.number().int(),
      excluded: z.number().int(),
      processings: z.number().int(),
      waiting: z.number().int(),
    }),
    from: z.iso.date().describe('The first day that what follows counts'),
    to: z.iso.date(),
    colors: z.number().int(),
    byBias: z.array(share),
    bySource: z.array(share),
    bySector: z.array(share),
    volume: z
      .array(z.object({ sector: z.string(), market: z.string(), colors: z.number().int(), volume: z.number() }))
      .describe('The largest first, at most 200'),
    prices: z.array(z.object({ day: z.iso.date(), colors: z.number().int(), px: z.number().nullable().describe('Mean of the prices') })),
    months: z
      .array(
        z.object({
          month: z.string().describe('2026-11'),
          processings: z.number().int(),
          colors: z.number().int(),
          excluded: z.number().int(),
          volume: z.number(),
        }),
      )
      .describe('The last 12 that have any, newest first'),
    times: z
      .array(z.object({ number: z.number().int(), at: Instant, taken: z.number().int(), ms: z.number().int() }))
      .describe('The last 60 processings, oldest first'),
  })
  .meta({ id: 'ColorDashboard' });
export type ColorDashboard = z.infer<typeof ColorDashboard>;

const query = z.object({ days: z.coerce.number().int().min(1).max(400).default(30).describe('How many days, today among them') });

export const showColorDashboard = defineRoute({
  name: 'colorDashboard.show',
  method: 'GET',
  path: '/api/color-dashboard',
  tag,
  access: 'color.read',
  summary: 'What the desk kept: today, by type, source and sector, prices, volume, months and processing times',
  query,
  response: ColorDashboard,
});
export const exportColorDashboard = defineRoute({
  name: 'colorDashboard.export',
  method: 'GET',
  path: '/api/color-dashboard-export',
  tag,
  access: 'color.read',
  summary: 'The same figures as one table, Excel or CSV',
  query: query.extend({ format: z.enum(['xlsx', 'csv']).default('xlsx') }),
  responseType: 'application/octet-stream',
  response: z.unknown(),
});
