import { Button, Mark, Text } from '@mantine/core';
import { IconArrowDown } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { LogLine } from '@tidewheel/contract/run';
import { useEffect, useRef, useState } from 'react';
import { formatClock, formatUtc } from '../../shared/format.ts';
import classes from './LogLines.module.css';

/** Only the lines in sight are drawn. Follows the end until the reader scrolls up. */
export function LogLines({ lines, emptyText, search }: { lines: LogLine[]; emptyText: string; search: string | undefined }) {
  const box = useRef<HTMLDivElement>(null);
  const [isFollowing, setFollowing] = useState(true);
  const list = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => 20,
    overscan: 20,
    getItemKey: (index) => lines[index]?.seq ?? index,
  });
  useEffect(() => {
    if (isFollowing && lines.length > 0) list.scrollToIndex(lines.length - 1, { align: 'end' });
  }, [isFollowing, lines.length, list]);
  const scrolled = () => {
    const element = box.current;
    if (element) setFollowing(element.scrollHeight - element.scrollTop - element.clientHeight < 32);
  };
  if (lines.length === 0)
    return (
      <Text size="sm" c="dimmed" p="md">
        {emptyText}
      </Text>
    );
  return (
    <div className={classes['frame']}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard (WCAG 2.1.1) */}
      <div ref={box} className={classes['box']} onScroll={scrolled} tabIndex={0} role="log" aria-label="Log lines" aria-live="off">
        <div style={{ height: list.getTotalSize(), position: 'relative' }}>
          {list.getVirtualItems().map((item) => {
            const line = lines[item.index];
            if (!line) return null;
            return (
              <div
                key={item.key}
                ref={list.measureElement}
                data-index={item.index}
                className={classes['line']}
                data-level={line.level}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <span className={classes['time']} title={formatUtc(line.at)}>
                  {formatClock(line.at)}
                </span>
                <span className={classes['level']}>{line.level}</span>
                <span className={classes['step']}>{line.step ?? 'run'}</span>
                <span className={classes['text']}>{highlight(line.text, search)}</span>
              </div>
            );
          })}
        </div>
      </div>
      {!isFollowing && (
        <Button size="compact-sm" className={classes['follow']} leftSection={<IconArrowDown size={13} aria-hidden />} onClick={() => setFollowing(true)}>
          Newest
        </Button>
      )}
    </div>
  );
}

function highlight(text: string, search: string | undefined) {
  if (!search) return text;
  const at = text.toLowerCase().indexOf(search.toLowerCase());
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <Mark>{text.slice(at, at + search.length)}</Mark>
      {text.slice(at + search.length)}
    </>
  );
}
