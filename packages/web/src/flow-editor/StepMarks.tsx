import classes from './FlowGraph.module.css';
import type { StepMark } from './marks.ts';

/** On the lower edge of a step. The node itself is named with what they mean. */
export function StepMarks({ marks }: { marks: StepMark[] }) {
  if (marks.length === 0) return null;
  return (
    <span className={classes['marks']} aria-hidden>
      {marks.map(({ key, icon: Icon, text, title }) => (
        <span key={key} className={classes['mark']} title={title}>
          <Icon size={12} stroke={2} />
          {text}
        </span>
      ))}
    </span>
  );
}
