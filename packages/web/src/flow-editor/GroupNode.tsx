import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { memo } from 'react';
import { statusOf } from '../shared/status.ts';
import classes from './FlowGraph.module.css';
import { StepMarks } from './StepMarks.tsx';
import type { StepNodeData } from './StepNode.tsx';
import { iconNamed } from './step-icons.ts';

/** A step with steps of its own, drawn around them. */
export const GroupNode = memo(function GroupNode({ data, selected }: NodeProps<Node<StepNodeData>>) {
  const Icon = iconNamed(data.icon);
  const status = data.state === undefined ? null : statusOf(data.state);
  const StateIcon = status?.icon;
  return (
    <div className={classes['group']} data-tone={data.hasFault ? 'fail' : status?.tone} data-selected={selected || undefined}>
      <Handle type="target" position={data.isDown ? Position.Top : Position.Left} isConnectable={false} />
      <div className={classes['groupHead']}>
        <Icon size={16} stroke={1.6} aria-hidden className={classes['icon']} />
        <div className={classes['text']}>
          <div className={classes['groupTitle']}>{data.title}</div>
          <div className={classes['use']}>{data.use}</div>
        </div>
        {status && StateIcon && (
          <span className={classes['state']} data-tone={status.tone}>
            <StateIcon size={16} stroke={2} aria-hidden className={status.isMoving ? 'tw-spin' : undefined} />
            <span className={classes['stateText']}>{status.label}</span>
          </span>
        )}
      </div>
      <StepMarks marks={data.marks} />
      <Handle type="source" position={data.isDown ? Position.Bottom : Position.Right} isConnectable={false} />
    </div>
  );
});
