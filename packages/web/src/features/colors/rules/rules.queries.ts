import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { listColorRules, playColorRules, showColorDeskSettings, showColorRule, testColorRule } from '@tidewheel/client/routes';
import type { ColorCondition, RowColor } from '@tidewheel/contract/color-rule';
import { api } from '../../../shared/api.ts';

export const rulesQuery = (archived: boolean) =>
  queryOptions({ queryKey: ['color-rules', 'list', archived], queryFn: async () => (await api.call(listColorRules, { query: { archived } })).items });
export const ruleQuery = (id: string) => queryOptions({ queryKey: ['color-rules', 'one', id], queryFn: () => api.call(showColorRule, { params: { id } }) });
export const deskOrderQuery = queryOptions({ queryKey: ['color-rules', 'order'], queryFn: () => api.call(showColorDeskSettings) });

export interface TriedRule {
  kind: 'exclude' | 'color';
  condition: ColorCondition;
  color: RowColor | null;
  rule: string | undefined;
}
export const ruleTestQuery = ({ color: _, ...tried }: TriedRule) =>
  queryOptions({
    queryKey: ['color-rules', 'test', tried],
    queryFn: () => api.call(testColorRule, { body: tried }),
    placeholderData: keepPreviousData,
    retry: false,
    gcTime: 10_000,
  });
export const rulePlayQuery = ({ rule, ...change }: TriedRule, days: number) =>
  queryOptions({
    queryKey: ['color-rules', 'play', rule, change, days],
    queryFn: () => api.call(playColorRules, { body: { days, change: { ...change, id: rule } } }),
    retry: false,
    gcTime: 10_000,
  });
