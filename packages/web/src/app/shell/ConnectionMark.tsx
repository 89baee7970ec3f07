import { Tooltip } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useLiveStatus } from '../../shared/live-status.ts';
import classes from './ConnectionMark.module.css';

/** A connection that is back so soon is not worth a word. */
const patienceMs = 3_000;

/** Says that what is shown may be out of date because the server does not answer, and goes when it does. */
export function ConnectionMark() {
  const status = useLiveStatus();
  const isLost = status === 'connecting' || status === 'waiting';
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    if (!isLost) {
      setShown(false);
      return;
    }
    const timer = setTimeout(() => setShown(true), patienceMs);
    return () => clearTimeout(timer);
  }, [isLost]);
  return (
    <div role="status">
      {isShown && (
        <Tooltip multiline w={260} label="The server does not answer. What you see may be out of date; it goes on by itself from where it stopped.">
          <span className={classes['mark']} data-connection="lost">
            <IconPlugConnectedX size={16} aria-hidden />
            <span className={classes['words']}>Reconnecting…</span>
          </span>
        </Tooltip>
      )}
    </div>
  );
}
