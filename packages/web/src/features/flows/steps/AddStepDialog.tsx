import { Modal, Text, TextInput, UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import type { StepTypeInfo } from '@tidewheel/contract/step-type';
import { useState } from 'react';
import { iconNamed } from '../../../flow-editor/step-icons.ts';
import classes from './StepsView.module.css';

interface AddStepDialogProps {
  types: readonly StepTypeInfo[];
  onChoose: (type: StepTypeInfo) => void;
  onClose: () => void;
}

/** Every kind of step, by group, narrowed by what is typed. */
export function AddStepDialog({ types, onChoose, onClose }: AddStepDialogProps) {
  const [search, setSearch] = useState('');
  const sought = search.trim().toLowerCase();
  const found = types.filter((type) => `${type.title} ${type.type} ${type.group} ${type.description}`.toLowerCase().includes(sought));
  const groups = [...new Set(found.map(({ group }) => group))];
  return (
    <Modal opened onClose={onClose} title="Add a step" size="lg">
      <TextInput
        aria-label="Search the kinds of steps"
        placeholder="Search: restart, SQL, Excel…"
        leftSection={<IconSearch size={14} aria-hidden />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Enter' && found[0] && onChoose(found[0])}
        data-autofocus
        mb="sm"
      />
      <div className={classes['types']}>
        {found.length === 0 && <Text c="dimmed">No kind of step has these words.</Text>}
        {groups.map((group) => (
          <section key={group} aria-label={group}>
            <Text size="xs" fw={600} c="dimmed" mt="xs">
              {group}
            </Text>
            {found
              .filter((type) => type.group === group)
              .map((type) => (
                <TypeButton key={type.type} type={type} onChoose={() => onChoose(type)} />
              ))}
          </section>
        ))}
      </div>
    </Modal>
  );
}

function TypeButton({ type, onChoose }: { type: StepTypeInfo; onChoose: () => void }) {
  const Icon = iconNamed(type.icon);
  return (
    <UnstyledButton className={classes['type']} onClick={onChoose}>
      <Icon size={20} stroke={1.6} aria-hidden />
      <span>
        <span className={classes['title']}>{type.title}</span> <code>{type.type}</code>
        <span className={classes['line']}>{type.description.split(/\.\s/)[0]}</span>
      </span>
    </UnstyledButton>
  );
}
