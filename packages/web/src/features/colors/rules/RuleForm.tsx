import { Button, Group, SegmentedControl, Select, Stack, Switch, Textarea, TextInput, Title } from '@mantine/core';
import { IconDeviceFloppy } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { createColorRule, updateColorRule } from '@tidewheel/client/routes';
import { type ColorRule, type ColorRuleContent, type RowColor, rowColors } from '@tidewheel/contract/color-rule';
import { type FormEvent, useState } from 'react';
import { api } from '../../../shared/api.ts';
import { ErrorNotice } from '../../../shared/ErrorNotice.tsx';
import { announce } from '../../../shared/notify.ts';
import classes from '../../../shared/Split.module.css';
import { ConditionEditor } from './ConditionEditor.tsx';
import { isWhole, newComparison } from './condition-words.ts';
import { RuleTrial } from './RuleTrial.tsx';

type Draft = Pick<ColorRuleContent, 'kind' | 'title' | 'note' | 'condition' | 'color' | 'active'>;

function draftOf(rule: ColorRule | undefined, kind: ColorRule['kind']): Draft {
  if (!rule) return { kind, title: '', note: '', condition: newComparison(), color: kind === 'color' ? 'yellow' : null, active: true };
  const { title, note, condition, color, active } = rule;
  return { kind: rule.kind, title, note, condition, color, active };
}

/** A rule beside what it finds. */
export function RuleForm({ rule, kind, canEdit }: { rule?: ColorRule; kind: ColorRule['kind']; canEdit: boolean }) {
  const [draft, setDraft] = useState(() => draftOf(rule, kind));
  const set = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const save = useSave(draft, rule);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(false);
  };
  const leavesNothing = (save.error as { code?: string } | null)?.code === 'color_rule.excludes_all';
  return (
    <div className={classes['split']}>
      <form onSubmit={submit} className={`tw-card ${classes['card']}`} noValidate>
        <Stack gap="sm">
          <SegmentedControl
            style={{ alignSelf: 'start' }}
            data={[
              { value: 'exclude', label: 'Excludes' },
              { value: 'color', label: 'Colours' },
            ]}
            value={draft.kind}
            onChange={(next) => set(next === 'color' ? { kind: 'color', color: draft.color ?? 'yellow' } : { kind: 'exclude', color: null })}
            aria-label="What the rule does"
          />
          <TextInput label="Title" required value={draft.title} onChange={(event) => set({ title: event.currentTarget.value })} />
          {draft.kind === 'color' && (
            <Select
              label="Colour"
              data={Object.keys(rowColors)}
              value={draft.color}
              allowDeselect={false}
              onChange={(color) => color !== null && set({ color: color as RowColor })}
            />
          )}
          <Title order={2}>Rows for which</Title>
          <ConditionEditor condition={draft.condition} label="the condition" onChange={(condition) => set({ condition })} />
          <Textarea label="Why there is this rule" autosize minRows={1} value={draft.note} onChange={(event) => set({ note: event.currentTarget.value })} />
          <Switch label="Active" checked={draft.active} onChange={(event) => set({ active: event.currentTarget.checked })} />
          {save.error && <ErrorNotice error={save.error} />}
          {canEdit && (
            <Group>
              <Button
                type="submit"
                loading={save.isPending}
                disabled={draft.title.trim() === '' || !isWhole(draft.condition)}
                leftSection={<IconDeviceFloppy size={16} aria-hidden />}
              >
                {rule ? 'Save the rule' : 'Create the rule'}
              </Button>
              {leavesNothing && (
                <Button color="red" variant="outline" onClick={() => save.mutate(true)}>
                  Exclude everything all the same
                </Button>
              )}
            </Group>
          )}
        </Stack>
      </form>
      <RuleTrial tried={{ kind: draft.kind, condition: draft.condition, color: draft.color, rule: rule?.id }} />
    </div>
  );
}

function useSave(draft: Draft, rule: ColorRule | undefined) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (allowsAll: boolean) => {
      const body = { ...draft, title: draft.title.trim(), allowsAll };
      if (!rule) return api.call(createColorRule, { body });
      return api.call(updateColorRule, { params: { id: rule.id }, body: { ...body, revision: rule.revision } });
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['color-rules'] });
      await navigate({ to: '/colors/rules', search: {} });
      announce(rule ? 'The rule is changed.' : 'The rule is written.');
    },
  });
}
