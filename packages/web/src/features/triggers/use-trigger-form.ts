import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createTrigger, updateTrigger } from '@tidewheel/client/routes';
import { slugOf } from '@tidewheel/contract/slug';
import type { Trigger, TriggerKindInfo } from '@tidewheel/contract/trigger';
import { useState } from 'react';
import { type FormValues, givenValues } from '../../form/form-values.ts';
import { type FormErrors, validateValues } from '../../form/validate.ts';
import { api } from '../../shared/api.ts';

interface Given {
  kind: TriggerKindInfo;
  /** Null: a new one. */
  trigger: Trigger | null;
  /** Of a new one, as far as it is known from where it is made. */
  flow: string;
  onSaved: (saved: Trigger) => void;
}

/** The state of a trigger's form: its settings, where the parameters of its flow come from, and its condition. */
export function useTriggerForm({ kind, trigger, flow: first, onSaved }: Given) {
  const queries = useQueryClient();
  const [title, setTitle] = useState(trigger?.title ?? '');
  const [slug, setSlug] = useState<string | null>(trigger?.slug ?? null);
  const [flow, setFlow] = useState(trigger?.flow ?? first);
  const [config, setConfig] = useState<FormValues>(trigger?.config ?? {});
  const [parameters, setParameters] = useState<Record<string, string>>(trigger?.parameters ?? {});
  const [condition, setCondition] = useState(trigger?.condition ?? '');
  const [errors, setErrors] = useState<FormErrors>({});
  const shownSlug = slug ?? slugOf(title);
  const given = Object.fromEntries(Object.entries(parameters).filter(([, expression]) => expression.trim() !== ''));
  const body = { title: title.trim(), config: givenValues(config), parameters: given, condition: condition.trim() === '' ? null : condition.trim() };
  const save = useMutation({
    mutationFn: () =>
      trigger
        ? api.call(updateTrigger, { params: { slug: trigger.slug }, body })
        : api.call(createTrigger, { body: { ...body, slug: shownSlug, flow, kind: kind.kind } }),
    onSuccess: async (saved) => {
      await queries.invalidateQueries({ queryKey: ['triggers'] });
      onSaved(saved);
    },
  });
  const submit = async () => {
    const found = await validateValues(kind.config, body.config);
    setErrors(found);
    if (Object.keys(found).length === 0) save.mutate();
  };
  return {
    title,
    setTitle,
    slug: shownSlug,
    setSlug,
    flow,
    setFlow,
    config,
    setConfig,
    parameters,
    setParameter: (name: string, expression: string) => setParameters((old) => ({ ...old, [name]: expression })),
    condition,
    setCondition,
    errors,
    save,
    submit,
  };
}
