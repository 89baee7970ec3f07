import { Button, Group, Text } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import type { LogLine } from '@tidewheel/contract/run';
import { useEffect, useRef, useState } from 'react';
import { formatClock, formatUtc } from '../../../shared/format.ts';
import classes from './LogLines.module.css';
import { LogText } from './LogText.tsx';
import type { RunLog } from './use-run-log.ts';

interface Props {
  log: RunLog;
  /** The number of the newest line. */
  last: number;
  emptyText: string | null;
  wanted: string | undefined;
  /** The number of the line to show: the hit that the reader is at. */
  hit: number | null;
}

/** Only the lines in sight are drawn. Follows the end until the reader scrolls up or goes to a hit. */
export function LogLines({ log, last, emptyText, wanted, hit }: Props) {
  const { lines } = log;
  const box = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => 20,
    overscan: 20,
    getItemKey: (index) => lines[index]?.seq ?? index,
  });
  const following = useFollowing(list, { box, lines, hit });
  const earlier = async () => {
    const added = await log.window.earlier();
    list.scrollToIndex(added, { align: 'start' });
  };
  const newest = async () => {
    if (!log.isAtEnd) await log.window.newest(last);
    following.start();
  };
  if (lines.length === 0)
    return emptyText === null ? null : (
      <Text size="sm" c="dimmed" p="md">
        {emptyText}
      </Text>
    );
  return (
    <div className={classes['frame']}>
      {log.hasEarlier && (
        <Group className={classes['edge']}>
          <Button size="compact-xs" variant="subtle" loading={log.isLoading} leftSection={<IconArrowUp size={13} aria-hidden />} onClick={() => void earlier()}>
            Earlier lines
          </Button>
        </Group>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard (WCAG 2.1.1) */}
      <div ref={box} className={classes['box']} onScroll={following.scrolled} tabIndex={0} role="log" aria-label="Log lines" aria-live="off">
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
                data-hit={line.seq === hit || undefined}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <LineHead line={line} />
                <span className={classes['text']}>
                  <LogText text={line.text} wanted={wanted} />
                </span>
              </div>
            );
          })}
        </div>
      </div>
      {!log.isAtEnd && (
        <Group className={classes['edge']}>
          <Button
            size="compact-xs"
            variant="subtle"
            loading={log.isLoading}
            leftSection={<IconArrowDown size={13} aria-hidden />}
            onClick={() => void log.window.later()}
          >
            Later lines
          </Button>
        </Group>
      )}
      {(!following.isOn || !log.isAtEnd) && (
        <Button size="compact-sm" className={classes['follow']} leftSection={<IconArrowDown size={13} aria-hidden />} onClick={() => void newest()}>
          Newest
        </Button>
      )}
    </div>
  );
}

function LineHead({ line }: { line: LogLine }) {
  return (
    <>
      <span className={classes['time']} title={formatUtc(line.at)}>
        {formatClock(line.at)}
      </span>
      <span className={classes['level']}>{line.level}</span>
      <span className={classes['step']}>{line.step ?? 'run'}</span>
    </>
  );
}

interface Followed {
  box: React.RefObject<HTMLDivElement | null>;
  lines: LogLine[];
  hit: number | null;
}

function useFollowing(list: Virtualizer<HTMLDivElement, Element>, { box, lines, hit }: Followed) {
  const [isOn, setOn] = useState(hit === null);
  const newest = lines.at(-1)?.seq;
  useEffect(() => {
    if (isOn && newest !== undefined) list.scrollToIndex(list.options.count - 1, { align: 'end' });
  }, [isOn, newest, list]);
  const at = hit === null ? -1 : lines.findIndex((line) => line.seq === hit);
  // The same line may be at another place once others came before it: only where it comes into the window it is scrolled to.
  const isHere = at >= 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    if (!isHere) return;
    setOn(false);
    list.scrollToIndex(at, { align: 'center' });
  }, [hit, isHere]);
  const scrolled = () => {
    const element = box.current;
    if (element) setOn(element.scrollHeight - element.scrollTop - element.clientHeight < 32);
  };
  return { isOn, scrolled, start: () => setOn(true) };
}
