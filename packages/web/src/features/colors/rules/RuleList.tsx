import { ActionIcon, Menu, Switch, Text } from '@mantine/core';
import { IconArchive, IconArrowDown, IconArrowUp, IconCopy, IconDots, IconGripVertical } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type ColorRule, rowColors } from '@tidewheel/contract/color-rule';
import { useState } from 'react';
import { conditionWords } from './condition-words.ts';
import classes from './RuleList.module.css';
import type { RuleVerbs } from './use-rule-verbs.ts';

interface RuleListProps {
  label: string;
  rules: ColorRule[];
  canEdit: boolean;
  verbs: RuleVerbs;
}

/** Rules of a kind in the order in which they are asked; dragged, or moved by their menu. */
export function RuleList({ label, rules, canEdit, verbs }: RuleListProps) {
  const [held, setHeld] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const move = (from: number, to: number) => {
    const rule = rules[from];
    if (rule && from !== to)
      verbs.reorder(
        rules,
        rules
          .toSpliced(from, 1)
          .toSpliced(to, 0, rule)
          .map(({ id }) => id),
      );
  };
  return (
    <ol className={`tw-card ${classes['list']}`} aria-label={label}>
      {rules.map((rule, at) => (
        <li
          key={rule.id}
          className={classes['row']}
          data-over={(over === at && held !== at) || undefined}
          draggable={canEdit}
          onDragStart={(event) => {
            event.dataTransfer.effectAllowed = 'move';
            event.dataTransfer.setData('text/plain', rule.title);
            setHeld(at);
          }}
          onDragOver={(event) => {
            if (held === null) return;
            event.preventDefault();
            setOver(at);
          }}
          onDrop={() => held !== null && move(held, at)}
          onDragEnd={() => {
            setHeld(null);
            setOver(null);
          }}
        >
          {canEdit && <IconGripVertical size={16} aria-hidden className={classes['grip']} />}
          <RuleWords rule={rule} />
          <Switch
            aria-label={`${rule.title} is active`}
            checked={rule.active}
            disabled={!canEdit}
            onChange={(event) => verbs.switchTo(rule, event.currentTarget.checked)}
          />
          {canEdit && <RuleMenu rule={rule} verbs={verbs} place={{ at, of: rules.length }} onMove={(to) => move(at, to)} />}
        </li>
      ))}
    </ol>
  );
}

function RuleWords({ rule }: { rule: ColorRule }) {
  return (
    <div className={classes['words']}>
      {rule.color && <span className={classes['swatch']} style={{ background: `#${rowColors[rule.color]}` }} role="img" aria-label={rule.color} />}
      <Link to="/colors/rules/$id" params={{ id: rule.id }} style={{ fontWeight: 600 }}>
        {rule.title}
      </Link>
      <Text size="sm" c="dimmed">
        {conditionWords(rule.condition)}
      </Text>
    </div>
  );
}

interface RuleMenuProps {
  rule: ColorRule;
  verbs: RuleVerbs;
  place: { at: number; of: number };
  onMove: (to: number) => void;
}

function RuleMenu({ rule, verbs, place, onMove }: RuleMenuProps) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`What to do with ${rule.title}`}>
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconArrowUp size={16} aria-hidden />} disabled={place.at === 0} onClick={() => onMove(place.at - 1)}>
          Move up
        </Menu.Item>
        <Menu.Item leftSection={<IconArrowDown size={16} aria-hidden />} disabled={place.at === place.of - 1} onClick={() => onMove(place.at + 1)}>
          Move down
        </Menu.Item>
        <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={() => verbs.duplicate(rule)}>
          Duplicate
        </Menu.Item>
        <Menu.Item leftSection={<IconArchive size={16} aria-hidden />} onClick={() => verbs.archive(rule)}>
          Archive
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
