import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { memo } from 'react';
import { formatCount } from '../shared/format.ts';
import { statusOf } from '../shared/status.ts';
import classes from './FlowGraph.module.css';
import type { StepMark } from './marks.ts';
import { StepMarks } from './StepMarks.tsx';
import { iconNamed } from './step-icons.ts';

export interface StepNodeData extends Record<string, unknown> {
  id: string;
  title: string;
  use: string;
  icon: string | undefined;
  isDown: boolean;
  state?: string | undefined;
  rowsOut?: number | null | undefined;
  rejected?: number | undefined;
  hasFault?: boolean | undefined;
  marks: StepMark[];
}

/** One step: what it is, what it is called, and in a run how it stands. */
export const StepNode = memo(function StepNode({ data, selected }: NodeProps<Node<StepNodeData>>) {
  const Icon = iconNamed(data.icon);
  const status = data.state === undefined ? null : statusOf(data.state);
  const StateIcon = status?.icon;
  return (
    <div className={classes['node']} data-tone={data.hasFault ? 'fail' : status?.tone} data-selected={selected || undefined}>
      <Handle type="target" position={data.isDown ? Position.Top : Position.Left} isConnectable={false} />
      <Icon size={18} stroke={1.6} aria-hidden className={classes['icon']} />
      <div className={classes['text']}>
        <div className={classes['title']}>{data.title}</div>
        <div className={classes['use']}>{data.rowsOut == null ? data.use : `${formatCount(data.rowsOut)} rows`}</div>
      </div>
      <StepMarks marks={data.marks} />
      {data.rejected ? <span className={classes['rejected']}>{formatCount(data.rejected)} rejected</span> : null}
      {status && StateIcon && (
        <span className={classes['state']} data-tone={status.tone}>
          <StateIcon size={16} stroke={2} aria-hidden className={status.isMoving ? 'tw-spin' : undefined} />
          <span className={classes['stateText']}>{status.label}</span>
        </span>
      )}
      <Handle type="source" position={data.isDown ? Position.Bottom : Position.Right} isConnectable={false} />
    </div>
  );
});
