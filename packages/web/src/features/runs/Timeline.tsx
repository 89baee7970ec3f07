import { UnstyledButton } from '@mantine/core';
import { isFinal } from '@tidewheel/client/states';
import type { Run } from '@tidewheel/contract/run';
import { formatDuration } from '../../shared/format.ts';
import { statusOf } from '../../shared/status.ts';
import { useNow } from '../../shared/use-now.ts';
import classes from './Timeline.module.css';
import { haveSharedJob, timelineOf } from './timeline.ts';

const ticks = [0, 0.25, 0.5, 0.75, 1];

/** Which step ran when: one bar per step on the run's time axis. */
export function Timeline({ run, selected, onSelect }: { run: Run; selected: string | null; onSelect: (step: string) => void }) {
  const now = useNow(isFinal(run.state) ? null : 500);
  const { bars, totalMs } = timelineOf(run, now);
  return (
    <div className={classes['box']}>
      <div className={classes['axis']} aria-hidden>
        {ticks.map((tick) => (
          <span key={tick} style={{ left: `${tick * 100}%` }} data-end={tick === 1 || undefined}>
            {formatDuration(tick * totalMs)}
          </span>
        ))}
      </div>
      <ul className={classes['rows']}>
        {bars.map((bar) => (
          <li key={bar.step}>
            <UnstyledButton className={classes['row']} data-selected={bar.step === selected || undefined} onClick={() => onSelect(bar.step)}>
              <span className={classes['name']}>{bar.step}</span>
              <span className="tw-hidden">{statusOf(bar.state).label}</span>
              <span className={classes['track']}>
                {bar.ms !== null && (
                  <span className={classes['bar']} data-tone={statusOf(bar.state).tone} style={{ left: `${bar.left}%`, width: `${bar.width}%` }} />
                )}
              </span>
              <span className={classes['time']}>{bar.ms === null ? statusOf(bar.state).label : formatDuration(bar.ms)}</span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
      {haveSharedJob(run.steps) && <p className={classes['note']}>Table steps that ran as one job share its time.</p>}
    </div>
  );
}
