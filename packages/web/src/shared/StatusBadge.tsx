import classes from './StatusBadge.module.css';
import { statusOf } from './status.ts';

/** Icon and word of a state. `bare` leaves out the tinted surface, for dense tables. */
export function StatusBadge({ state, label, bare = false }: { state: string; label?: string; bare?: boolean }) {
  const status = statusOf(state);
  const Icon = status.icon;
  return (
    <span className={classes['badge']} data-tone={status.tone} data-bare={bare || undefined} data-state={state}>
      <Icon size={15} stroke={2} aria-hidden className={status.isMoving ? 'tw-spin' : undefined} />
      {label ?? status.label}
    </span>
  );
}
