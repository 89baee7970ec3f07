import type { Fault } from '@tidewheel/contract/problem';
import type { StepTypeInfo } from '@tidewheel/contract/step-type';
import { useState } from 'react';
import { type ListedStep, type ReadFlow, siblingsOf } from '../../../flow-editor/document/read-flow.ts';
import { duplicateStep, moveStep, removeStep } from '../../../flow-editor/document/step-edits.ts';
import { stepOfPath } from '../../../flow-editor/step-lines.ts';
import { StepRow } from './StepRow.tsx';
import classes from './StepsView.module.css';

interface StepListProps {
  source: string;
  flow: ReadFlow;
  types: readonly StepTypeInfo[];
  faults: Fault[];
  canEdit: boolean;
  selected: string | null;
  onSelect: (step: string | null) => void;
  change: (source: string) => void;
}

/** The steps in their order, dragged or moved by their menus among those on their level. */
export function StepList({ source, flow, types, faults, canEdit, selected, onSelect, change }: StepListProps) {
  const [dragged, setDragged] = useState<ListedStep | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const end = () => {
    setDragged(null);
    setOver(null);
  };
  const row = (step: ListedStep) => {
    const level = siblingsOf(flow, step.path);
    const index = level.indexOf(step);
    const duplicate = () => {
      const copy = duplicateStep(source, step.path);
      change(copy.source);
      onSelect(copy.id);
    };
    const remove = () => {
      change(removeStep(source, step.path));
      if (selected === step.id) onSelect(null);
    };
    const enter = () => {
      if (!dragged || !level.some(({ id }) => id === dragged.id)) return false;
      if (over !== step.id) setOver(step.id);
      return true;
    };
    const drop = () => {
      if (dragged && dragged.id !== step.id) change(moveStep(source, dragged.path, index));
      end();
    };
    return (
      <StepRow
        key={step.path.join('.')}
        step={step}
        type={types.find(({ type }) => type === step.values['use'])}
        faults={faults.filter((fault) => stepOfPath(fault.path) === step.id)}
        isSelected={selected === step.id}
        canEdit={canEdit}
        place={{ index, of: level.length }}
        drag={{ isOver: dragged !== null && over === step.id, onStart: () => setDragged(step), onOver: enter, onDrop: drop, onEnd: end }}
        onSelect={() => onSelect(step.id)}
        on={{ move: (to) => change(moveStep(source, step.path, to)), duplicate, remove }}
      />
    );
  };
  return <ol className={classes['list']}>{flow.steps.map(row)}</ol>;
}
