// Sets the colour scheme before the first paint. A file of its own because the content security policy allows no inline script.
(() => {
  const stored = localStorage.getItem('tidewheel-color-scheme');
  const dark = stored === 'dark' || (stored !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
