import { ActionIcon, Autocomplete, Group, Select, Switch, Text, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { presetRoles } from '@tidewheel/contract/access';
import type { SsoMapping, SsoRule } from '@tidewheel/contract/routes/sso';
import { meQuery } from '../../shared/session.ts';
import classes from './RuleRow.module.css';

const operators = [
  { value: 'contains', label: 'has' },
  { value: 'startsWith', label: 'has one that begins with' },
  { value: 'equals', label: 'is' },
];

interface RuleRowProps {
  number: number;
  rule: SsoRule;
  groupsClaim: string;
  onChange: (rule: SsoRule) => void;
  onRemove: () => void;
  onUp: (() => void) | undefined;
  onDown: (() => void) | undefined;
}

/** One rule as a sentence: the claim has a value, so the role holds in a workspace. */
export function RuleRow({ number, rule, groupsClaim, onChange, onRemove, onUp, onDown }: RuleRowProps) {
  const set = (changed: Partial<SsoRule>) => onChange({ ...rule, ...changed });
  const claimChanged = (text: string) => {
    const { claim: _claim, ...rest } = rule;
    onChange(text.trim() === '' ? rest : { ...rest, claim: text });
  };
  const of = `of rule ${number}`;
  return (
    <Group gap="xs" role="group" aria-label={`Rule ${number}`} className={classes['row']}>
      <Text w={22} ta="right" c="dimmed">
        {number}
      </Text>
      <TextInput
        aria-label={`Claim ${of}`}
        className={classes['most']}
        placeholder={groupsClaim}
        w={170}
        value={rule.claim ?? ''}
        onChange={(event) => claimChanged(event.currentTarget.value)}
      />
      <Select
        aria-label={`Operator ${of}`}
        className={classes['whole']}
        w={190}
        data={operators}
        allowDeselect={false}
        value={rule.operator}
        onChange={(value) => set({ operator: (value ?? 'contains') as SsoRule['operator'] })}
      />
      <TextInput
        aria-label={`Value ${of}`}
        placeholder="tidewheel-operators"
        style={{ flex: '1 1 180px' }}
        value={rule.value}
        onChange={(event) => set({ value: event.currentTarget.value })}
      />
      <Text c="dimmed">→</Text>
      <RoleField label={`Role ${of}`} value={rule.role} onChange={(role) => set({ role })} />
      <Text c="dimmed">in</Text>
      <WorkspaceField label={`Workspace ${of}`} value={rule.workspace} onChange={(workspace) => set({ workspace })} />
      <Group gap={2} wrap="nowrap" className={classes['actions']}>
        <ActionIcon variant="subtle" color="gray" aria-label={`Move rule ${number} up`} disabled={!onUp} onClick={onUp}>
          <IconArrowUp size={16} aria-hidden />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" aria-label={`Move rule ${number} down`} disabled={!onDown} onClick={onDown}>
          <IconArrowDown size={16} aria-hidden />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" aria-label={`Remove rule ${number}`} onClick={onRemove}>
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      </Group>
    </Group>
  );
}

/** What holds for people whom no rule fits. */
export function OtherwiseRow({
  otherwise,
  workspace,
  onChange,
}: {
  otherwise: SsoMapping['otherwise'];
  workspace: string;
  onChange: (otherwise: SsoMapping['otherwise']) => void;
}) {
  return (
    <Group gap="xs" mt="md" mih={36}>
      <Switch
        label={otherwise === null ? 'Whom no rule fits gets a role (now: is refused, unless one was set by hand)' : 'Whom no rule fits gets the role'}
        checked={otherwise !== null}
        onChange={(event) => onChange(event.currentTarget.checked ? { workspace, role: 'viewer' } : null)}
      />
      {otherwise && (
        <>
          <RoleField label="Role otherwise" value={otherwise.role} onChange={(role) => onChange({ ...otherwise, role })} />
          <Text c="dimmed">in</Text>
          <WorkspaceField label="Workspace otherwise" value={otherwise.workspace} onChange={(place) => onChange({ ...otherwise, workspace: place })} />
        </>
      )}
    </Group>
  );
}

interface PlaceField {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

/** The roles that every workspace has are offered; those of its own are typed. */
function RoleField({ label, value, onChange }: PlaceField) {
  return (
    <Autocomplete
      className={classes['half']}
      aria-label={label}
      placeholder="role"
      w={150}
      data={Object.keys(presetRoles)}
      value={value}
      onChange={(text) => onChange(text.trim())}
    />
  );
}

/** Workspaces that oneself is in are offered; others are typed. */
function WorkspaceField({ label, value, onChange }: PlaceField) {
  const mine = useQuery(meQuery).data?.workspaces.map(({ slug }) => slug) ?? [];
  return (
    <Autocomplete
      className={classes['half']}
      aria-label={label}
      placeholder="workspace"
      w={150}
      data={mine}
      value={value}
      onChange={(text) => onChange(text.trim())}
    />
  );
}
