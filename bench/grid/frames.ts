// Frames that a page draws within 5 s, counted by the page itself.
import type { Page } from 'playwright-core';

const seconds = 5;

interface Asked {
  seconds: number;
  /** What is scrolled by ten rows with each frame; null: nothing. */
  scrolled: string | null;
}

async function framesOf(page: Page, scrolled: string | null): Promise<number> {
  const asked: Asked = { seconds, scrolled };
  return page.evaluate(
    (how) =>
      new Promise<number>((resolve) => {
        const box = how.scrolled === null ? null : (document.querySelector(how.scrolled)?.parentElement ?? null);
        const end = performance.now() + how.seconds * 1_000;
        let frames = 0;
        const draw = (now: number) => {
          if (now >= end) return resolve(frames / how.seconds);
          frames++;
          if (box) box.scrollTop += 280;
          requestAnimationFrame(draw);
        };
        requestAnimationFrame(draw);
      }),
    asked,
  );
}

export function framesBare(page: Page): Promise<number> {
  return framesOf(page, null);
}

/** The grid of a session, once its first rows are there. */
export async function framesScrolled(page: Page): Promise<number> {
  await page.locator('#session-row-0 td').first().getByText(/^\d/).waitFor();
  const drawn = await framesOf(page, '[role=grid]');
  const top = await page.getByRole('grid').evaluate((grid) => grid.parentElement?.scrollTop ?? 0);
  if (top === 0) throw new RangeError('the grid was not scrolled');
  return drawn;
}
