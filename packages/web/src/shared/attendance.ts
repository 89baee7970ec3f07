// Whether somebody is at this page: it was opened, touched, typed at or scrolled within the last minute.
const withinMs = 60_000;
const signs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

let lastSign = Date.now();
for (const sign of signs)
  window.addEventListener(
    sign,
    () => {
      lastSign = Date.now();
    },
    { passive: true, capture: true },
  );

export function isAttended(): boolean {
  return Date.now() - lastSign < withinMs;
}
