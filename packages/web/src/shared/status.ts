// Every state that a thing can be in, with the tone and icon that stand for it. Never colour alone.
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconCircle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleMinus,
  IconCircleX,
  IconClockPause,
  IconHourglass,
  IconInfoCircle,
  IconLoader2,
  IconPlayerSkipForward,
  IconShieldX,
  IconTool,
} from '@tabler/icons-react';

export type Tone = 'ok' | 'fail' | 'run' | 'wait' | 'idle';
export type StatusIcon = typeof IconCircle;
export interface Status {
  label: string;
  tone: Tone;
  icon: StatusIcon;
  isMoving?: boolean;
}

const known: Record<string, Status> = {
  queued: { label: 'Queued', tone: 'idle', icon: IconHourglass },
  running: { label: 'Running', tone: 'run', icon: IconLoader2, isMoving: true },
  succeeded: { label: 'Succeeded', tone: 'ok', icon: IconCircleCheck },
  failed: { label: 'Failed', tone: 'fail', icon: IconCircleX },
  cancelling: { label: 'Cancelling', tone: 'wait', icon: IconLoader2, isMoving: true },
  cancelled: { label: 'Cancelled', tone: 'idle', icon: IconCircleMinus },
  pending: { label: 'Pending', tone: 'idle', icon: IconCircleDashed },
  ready: { label: 'Ready', tone: 'idle', icon: IconHourglass },
  waiting: { label: 'Waiting', tone: 'wait', icon: IconClockPause },
  compensated: { label: 'Undone', tone: 'wait', icon: IconArrowBackUp },
  skipped: { label: 'Skipped', tone: 'idle', icon: IconPlayerSkipForward },
  passed: { label: 'Passed', tone: 'ok', icon: IconCircleCheck },
  stopped: { label: 'Stopped', tone: 'fail', icon: IconCircleX },
  quarantined: { label: 'Quarantined', tone: 'wait', icon: IconShieldX },
  warned: { label: 'Warned', tone: 'wait', icon: IconAlertTriangle },
  sent: { label: 'Sent', tone: 'ok', icon: IconCircleCheck },
  delivered: { label: 'Delivered', tone: 'ok', icon: IconCircleCheck },
  active: { label: 'Active', tone: 'ok', icon: IconCircleCheck },
  expiring: { label: 'Ends soon', tone: 'wait', icon: IconHourglass },
  expired: { label: 'Ended', tone: 'fail', icon: IconAlertTriangle },
  archived: { label: 'Archived', tone: 'idle', icon: IconCircleMinus },
  done: { label: 'Done', tone: 'ok', icon: IconCircleCheck },
  info: { label: 'Info', tone: 'idle', icon: IconInfoCircle },
  warning: { label: 'Warning', tone: 'wait', icon: IconAlertTriangle },
  error: { label: 'Error', tone: 'fail', icon: IconCircleX },
  critical: { label: 'Critical', tone: 'fail', icon: IconAlertTriangle },
  sending: { label: 'Sending', tone: 'run', icon: IconLoader2, isMoving: true },
  left_out: { label: 'Left out', tone: 'idle', icon: IconCircleMinus },
  folded: { label: 'Folded', tone: 'idle', icon: IconCircleDashed },
  off: { label: 'Off', tone: 'idle', icon: IconCircleMinus },
  ok: { label: 'OK', tone: 'ok', icon: IconCircleCheck },
  paused: { label: 'Paused', tone: 'wait', icon: IconClockPause },
  healthy: { label: 'Healthy', tone: 'ok', icon: IconCircleCheck },
  failing: { label: 'Failing', tone: 'fail', icon: IconAlertTriangle },
  idle: { label: 'Active', tone: 'ok', icon: IconCircleCheck },
  fired: { label: 'Fired', tone: 'ok', icon: IconCircleCheck },
  unmet: { label: 'Condition false', tone: 'idle', icon: IconCircleMinus },
  refused: { label: 'Refused', tone: 'fail', icon: IconCircleX },
  unknown: { label: 'Not tested', tone: 'idle', icon: IconCircleDashed },
  maintenance: { label: 'Maintenance', tone: 'wait', icon: IconTool },
  degraded: { label: 'Degraded', tone: 'fail', icon: IconAlertTriangle },
};

export function statusOf(state: string): Status {
  return known[state] ?? { label: state, tone: 'idle', icon: IconCircle };
}
