// The look: calm and dense, one deep-sea teal, tinted darks, system font.
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

const tide: MantineColorsTuple = ['#eaf5f5', '#d6ebec', '#abd6d9', '#7dc0c5', '#57adb3', '#3d9fa6', '#2b9199', '#1a7c84', '#0f666d', '#084f55'];
const dark: MantineColorsTuple = ['#dbe5e6', '#c2d0d2', '#a3b5b8', '#7d9296', '#41555a', '#304348', '#213237', '#17262a', '#111d20', '#0b1416'];
const gray: MantineColorsTuple = ['#f6f9f9', '#eef3f3', '#e2e9ea', '#d3dcdd', '#b9c6c8', '#93a3a6', '#6b7d80', '#4f6063', '#35464a', '#1f2d30'];

export const theme = createTheme({
  primaryColor: 'tide',
  primaryShade: { light: 8, dark: 8 },
  colors: { tide, dark, gray },
  black: '#16262a',
  defaultRadius: 'sm',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "Roboto Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.4' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  components: {
    Button: { defaultProps: { size: 'sm' }, styles: { root: { flexShrink: 0 } } },
    Drawer: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } },
    // Its header is the head of a dialog, not a second banner of the page.
    Modal: { defaultProps: { closeButtonProps: { 'aria-label': 'Close' }, attributes: { header: { role: 'presentation' } } } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true, multiline: true, events: { hover: true, focus: true, touch: false } } },
  },
});

/** Status colours are used for status only; each reaches 4.5:1 on its surface. `wait` is the one warm accent. */
export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#4f6063',
    '--mantine-color-error': '#b3261e',
    '--mantine-color-placeholder': '#6b7d80',
    '--tw-canvas': '#f4f8f8',
    '--tw-surface': '#ffffff',
    '--tw-line': '#dbe4e5',
    '--tw-hover': '#eef5f5',
    '--tw-selected': '#e0f0f1',
    '--tw-ok': '#1b6b3a',
    '--tw-ok-soft': '#e4f4ea',
    '--tw-fail': '#b3261e',
    '--tw-fail-soft': '#fdecea',
    '--tw-run': '#0b5cad',
    '--tw-run-soft': '#e6f0fb',
    '--tw-wait': '#92500a',
    '--tw-wait-soft': '#fdf1de',
    '--tw-idle': '#4f6063',
    '--tw-idle-soft': '#eef3f3',
    '--tw-link': '#0f666d',
  },
  dark: {
    '--mantine-color-dimmed': '#a3b5b8',
    '--mantine-color-error': '#ff9c93',
    '--mantine-color-placeholder': '#8ea2a6',
    '--mantine-color-anchor': '#7dc0c5',
    '--tw-canvas': '#111d20',
    '--tw-surface': '#17262a',
    '--tw-line': '#2b3e43',
    '--tw-hover': '#1d2e33',
    '--tw-selected': '#1c3a3e',
    '--tw-ok': '#7fd6a0',
    '--tw-ok-soft': '#17362a',
    '--tw-fail': '#ff9c93',
    '--tw-fail-soft': '#44211f',
    '--tw-run': '#8fc3ff',
    '--tw-run-soft': '#15304a',
    '--tw-wait': '#f5bd6a',
    '--tw-wait-soft': '#40301a',
    '--tw-idle': '#a3b5b8',
    '--tw-idle-soft': '#24363b',
    '--tw-link': '#7dc0c5',
  },
});
