import type { CSSProperties, ReactNode } from 'react';

/** A box that scrolls by itself, so that a wide table never makes the page scroll sideways. Reachable by keyboard. */
export function ScrollBox({ label, children, style }: { label: string; children: ReactNode; style?: CSSProperties }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard (WCAG 2.1.1)
    <section aria-label={label} tabIndex={0} style={{ overflow: 'auto', maxWidth: '100%', ...style }}>
      {children}
    </section>
  );
}
