import { ActionIcon, Menu, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconCopy, IconDots, IconGripVertical, IconTrash } from '@tabler/icons-react';
import type { Fault } from '@tidewheel/contract/problem';
import type { StepTypeInfo } from '@tidewheel/contract/step-type';
import { type ListedStep, textIn, valuesIn } from '../../../flow-editor/document/read-flow.ts';
import { iconNamed } from '../../../flow-editor/step-icons.ts';
import classes from './StepsView.module.css';
import { summaryOf, waitsFor } from './step-words.ts';

interface StepRowProps {
  step: ListedStep;
  type: StepTypeInfo | undefined;
  faults: Fault[];
  isSelected: boolean;
  canEdit: boolean;
  place: { index: number; of: number };
  drag: { isOver: boolean; onStart: () => void; onOver: () => boolean; onDrop: () => void; onEnd: () => void };
  onSelect: () => void;
  on: { move: (to: number) => void; duplicate: () => void; remove: () => void };
}

/** One step of the list, with what it does, what it waits for and what is wrong with it. */
export function StepRow({ step, type, faults, isSelected, canEdit, place, drag, onSelect, on }: StepRowProps) {
  const Icon = iconNamed(type?.icon);
  const title = textIn(step.values, 'title') ?? step.id;
  const summary = summaryOf(type?.summary ?? '', valuesIn(step.values, 'with'));
  return (
    <li
      className={classes['row']}
      style={{ marginInlineStart: step.depth * 20 }}
      data-selected={isSelected || undefined}
      data-over={drag.isOver || undefined}
      draggable={canEdit}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setData('text/plain', step.id);
        drag.onStart();
      }}
      onDragOver={(event) => drag.onOver() && event.preventDefault()}
      onDrop={drag.onDrop}
      onDragEnd={drag.onEnd}
    >
      {canEdit && <IconGripVertical size={16} aria-hidden className={classes['grip']} />}
      <UnstyledButton className={classes['choose']} onClick={onSelect} aria-pressed={isSelected}>
        <Icon size={20} stroke={1.6} aria-hidden />
        <span>
          <span className={classes['title']}>{title}</span>
          <span className={classes['line']}>
            {title === step.id ? '' : `${step.id} · `}
            {type?.title ?? textIn(step.values, 'use') ?? 'no type yet'}
            {summary && summary !== type?.title ? `: ${summary}` : ''}
          </span>
          <span className={classes['line']}>{waitsFor(step.values)}</span>
          {faults.map((fault) => (
            <span key={`${fault.path} ${fault.message}`} className={classes['fault']} data-severity={fault.severity}>
              {fault.severity === 'warning' ? 'Warning: ' : 'Fault: '}
              {fault.message}
            </span>
          ))}
        </span>
      </UnstyledButton>
      {canEdit && <RowMenu step={step} place={place} on={on} />}
    </li>
  );
}

function RowMenu({ step, place, on }: Pick<StepRowProps, 'step' | 'place' | 'on'>) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" mt={8} mr={4} aria-label={`What to do with ${step.id}`}>
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconArrowUp size={16} aria-hidden />} disabled={place.index === 0} onClick={() => on.move(place.index - 1)}>
          Move up
        </Menu.Item>
        <Menu.Item leftSection={<IconArrowDown size={16} aria-hidden />} disabled={place.index === place.of - 1} onClick={() => on.move(place.index + 1)}>
          Move down
        </Menu.Item>
        <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} disabled={step.values['steps'] !== undefined} onClick={on.duplicate}>
          Duplicate
        </Menu.Item>
        <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} onClick={on.remove}>
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
