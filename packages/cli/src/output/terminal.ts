// What the terminal can do: colour, width, whether anyone looks at it.
import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Colour only on a terminal; NO_COLOR, FORCE_COLOR and TERM=dumb are respected (Node's own rules). */
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return styleText(style, text, { stream });
}

/** Whether what is painted comes out in colour there. */
export function hasColours(stream: NodeJS.WriteStream): boolean {
  return paint('red', 'x', stream) !== 'x';
}

export function isTerminal(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true;
}

/** Columns of the terminal; null where output goes elsewhere and must not be cut. */
export function widthOf(stream: NodeJS.WriteStream): number | null {
  return stream.isTTY ? Math.max(40, stream.columns || 80) : null;
}

const stateStyles: Record<string, { mark: string; style: Style }> = {
  succeeded: { mark: '✓', style: 'green' },
  delivered: { mark: '✓', style: 'green' },
  failed: { mark: '✗', style: 'red' },
  cancelled: { mark: '■', style: 'yellow' },
  cancelling: { mark: '■', style: 'yellow' },
  compensated: { mark: '↩', style: 'yellow' },
  skipped: { mark: '–', style: 'gray' },
  running: { mark: '▶', style: 'cyan' },
  waiting: { mark: '…', style: 'yellow' },
  queued: { mark: '·', style: 'gray' },
  ready: { mark: '·', style: 'gray' },
  pending: { mark: '·', style: 'gray' },
};

/** A state as mark and word, never colour alone. */
export function stateText(state: string): string {
  return `${stateStyles[state]?.mark ?? '·'} ${state}`;
}

export function paintState(state: string): string {
  return paint(stateStyles[state]?.style ?? 'reset', stateText(state));
}
