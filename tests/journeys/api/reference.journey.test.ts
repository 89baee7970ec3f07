// The reference page in a real browser: it shows every operation, breaks no rule of its policy and asks no other machine for anything.
import { existsSync } from 'node:fs';
import { allRoutes } from '@tidewheel/contract/routes/index';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Listening, listenFor } from '../../../packages/server/src/app/http/testing/listening.ts';

const executablePath = process.env['TIDEWHEEL_CHROMIUM'] ?? '/usr/bin/chromium';

describe.skipIf(!existsSync(executablePath))('the reference page (needs Chromium)', () => {
  let server: Listening;
  let browser: Browser;
  beforeAll(async () => {
    server = await listenFor({ endpoints: [] });
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  test('works under the strict policy, from this server alone', async () => {
    const page = await browser.newPage();
    const elsewhere: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(server.origin) && !/^(?:data|blob):/.test(request.url())) elsewhere.push(request.url());
    });
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${server.origin}/api/reference`);
    await page.getByRole('heading', { name: 'Tidewheel' }).waitFor({ timeout: 60_000 });
    for (const tag of new Set(allRoutes.map((route) => route.tag))) await page.getByText(tag, { exact: true }).first().waitFor();
    expect(await page.textContent('body')).toContain('Everything the web and the command line do goes through this API.');
    expect(complaints).toEqual([]);
    expect(elsewhere).toEqual([]);
  });
});
