// One line on standard error that says what happens and for how long: moving on a terminal, a new line every few seconds elsewhere.
const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const quietMs = 10_000;

function elapsed(since) {
  const seconds = (Date.now() - since) / 1_000;
  return seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;
}

/** `detail` may be called at any time for a few words that change. @returns the function that ends the line */
export function showProgress(title, detail = () => '') {
  const since = Date.now();
  const moving = process.stderr.isTTY && !process.env.NO_COLOR;
  const text = () => [title, elapsed(since), detail()].filter(Boolean).join(' · ');
  let frame = 0;
  if (!moving) process.stderr.write(`  ${title} …\n`);
  const timer = setInterval(
    () => process.stderr.write(moving ? `\r\x1b[2K${frames[frame++ % frames.length]} ${text()}` : `  ${text()}\n`),
    moving ? 90 : quietMs,
  );
  timer.unref();
  return (outcome = 'done') => {
    clearInterval(timer);
    const mark = outcome === 'done' ? '✓' : '✗';
    process.stderr.write(`${moving ? '\r\x1b[2K' : ''}${mark} ${title} · ${outcome === 'done' ? '' : `${outcome} · `}${elapsed(since)}\n`);
  };
}
