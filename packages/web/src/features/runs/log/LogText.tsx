import { useComputedColorScheme } from '@mantine/core';
import { type CSSProperties, memo } from 'react';
import { formatCount } from '../../../shared/format.ts';
import classes from './LogLines.module.css';
import { logSpans, type SpanLook } from './log-spans.ts';

/** The text of a line with its colours and with what is searched marked. */
export const LogText = memo(function LogText({ text, wanted }: { text: string; wanted: string | undefined }) {
  const scheme = useComputedColorScheme('light');
  const { spans, hidden } = logSpans(text, { wanted, scheme });
  return (
    <>
      {spans.map((span) =>
        span.isHit ? (
          <mark key={span.at} className={classes['hit']}>
            {span.text}
          </mark>
        ) : (
          <span key={span.at} style={span.look && styleOf(span.look)}>
            {span.text}
          </span>
        ),
      )}
      {hidden > 0 && <span className={classes['hidden']}> … {formatCount(hidden)} more characters: download the log to read them</span>}
    </>
  );
});

function styleOf({ colour, ground, isBold, isItalic, line }: SpanLook): CSSProperties {
  return {
    ...(colour ? { color: colour } : {}),
    ...(ground ? { backgroundColor: ground } : {}),
    ...(isBold ? { fontWeight: 700 } : {}),
    ...(isItalic ? { fontStyle: 'italic' } : {}),
    ...(line ? { textDecoration: line } : {}),
  };
}
