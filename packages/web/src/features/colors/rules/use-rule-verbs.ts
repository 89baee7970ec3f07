// What a person does with rules in their list.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { archiveColorRule, duplicateColorRule, reorderColorRules, restoreColorRule, switchColorRule } from '@tidewheel/client/routes';
import type { ColorRule } from '@tidewheel/contract/color-rule';
import { useState } from 'react';
import { api } from '../../../shared/api.ts';
import { announce } from '../../../shared/notify.ts';

export interface RuleVerbs {
  error: Error | null;
  /** The rule that would leave nothing of what waits: asked about. */
  asked: ColorRule | null;
  /** `seen`: the rules of this kind as they stood. */
  reorder(seen: readonly ColorRule[], ids: string[]): void;
  switchTo(rule: ColorRule, active: boolean, allowsAll?: boolean): void;
  duplicate(rule: ColorRule): void;
  archive(rule: ColorRule): void;
  restore(rule: ColorRule): void;
}

export function useRuleVerbs(): RuleVerbs {
  const queries = useQueryClient();
  const [asked, setAsked] = useState<ColorRule | null>(null);
  const act = useMutation({
    mutationFn: async ({ work }: { work: () => Promise<unknown>; said?: string; rule?: ColorRule }) => work(),
    onSuccess: (_, { said }) => {
      setAsked(null);
      if (said) announce(said);
    },
    onError: (error, { rule }) => setAsked((error as { code?: string }).code === 'color_rule.excludes_all' && rule ? rule : null),
    onSettled: () => queries.invalidateQueries({ queryKey: ['color-rules'] }),
  });
  const params = ({ id }: ColorRule) => ({ params: { id } });
  return {
    error: act.error,
    asked,
    reorder: (seen, ids) =>
      act.mutate({ work: () => api.call(reorderColorRules, { body: { kind: seen[0]?.kind ?? 'exclude', ids, seen: seen.map(({ id }) => id) } }) }),
    switchTo: (rule, active, allowsAll = false) =>
      act.mutate({ rule, work: () => api.call(switchColorRule, { ...params(rule), body: { active, revision: rule.revision, allowsAll } }) }),
    duplicate: (rule) => act.mutate({ work: () => api.call(duplicateColorRule, params(rule)), said: 'The rule is copied, switched off.' }),
    archive: (rule) => act.mutate({ work: () => api.call(archiveColorRule, params(rule)), said: 'The rule is archived.' }),
    restore: (rule) => act.mutate({ work: () => api.call(restoreColorRule, params(rule)), said: 'The rule is back, switched off.' }),
  };
}
