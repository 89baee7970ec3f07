import { Text, UnstyledButton } from '@mantine/core';
import type { ComponentType } from 'react';
import classes from './TypeChoice.module.css';

interface TypeChoiceProps {
  types: readonly { type: string; title: string; description: string; icon: string }[];
  iconOf: (name: string) => ComponentType<{ size: number; stroke: number; 'aria-hidden': true }>;
  onChoose: (type: string) => void;
}

/** What kind of thing a new one shall be, before its form. */
export function TypeChoice({ types, iconOf, onChoose }: TypeChoiceProps) {
  return (
    <div className={classes['types']}>
      {types.map(({ type, title, description, icon }) => {
        const Icon = iconOf(icon);
        return (
          <UnstyledButton key={type} className={`tw-card ${classes['type']}`} onClick={() => onChoose(type)}>
            <Icon size={24} stroke={1.6} aria-hidden />
            <span>
              <Text fw={600} component="span" display="block">
                {title}
              </Text>
              <Text size="sm" c="dimmed" component="span">
                {description}
              </Text>
            </span>
          </UnstyledButton>
        );
      })}
    </div>
  );
}
