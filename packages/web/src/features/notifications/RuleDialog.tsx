import { Switch, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { saveRule } from '@tidewheel/client/routes';
import { type Rule, RuleContent } from '@tidewheel/contract/notify';
import { slugOf } from '@tidewheel/contract/slug';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { announce } from '../../shared/notify.ts';
import { takenFault } from './NamedTab.tsx';
import { rulesQuery } from './notifications.queries.ts';
import { HowFields, MatchFields, RecipientFields } from './RuleFields.tsx';

const fresh = RuleContent.parse({ title: 'x', match: { kinds: ['run.failed'] }, channels: ['email', 'in-app'] });

/** One rule: when, to whom, how. */
export function RuleDialog({ rule, onClose }: { rule: Rule | null; onClose: () => void }) {
  const queries = useQueryClient();
  const [content, setContent] = useState<RuleContent>(rule?.content ?? { ...fresh, title: '' });
  const [slug, setSlug] = useState<string | null>(rule?.slug ?? null);
  const shownSlug = slug ?? slugOf(content.title);
  const all = useQuery(rulesQuery).data;
  const taken = rule ? null : takenFault(all, shownSlug);
  const set = (part: Partial<RuleContent>) => setContent((old) => ({ ...old, ...part }));
  const save = useMutation({
    mutationFn: () => api.call(saveRule, { params: { slug: shownSlug }, body: { ...content, title: content.title.trim() } }),
    onSuccess: async () => {
      announce(`The rule ${content.title} is saved.`);
      await queries.invalidateQueries({ queryKey: rulesQuery.queryKey });
      onClose();
    },
  });
  return (
    <FormDialog
      title={rule ? rule.content.title : 'New rule'}
      size="lg"
      onClose={onClose}
      mutation={save}
      action="Save"
      closeOnClickOutside={false}
      disabled={content.title.trim() === '' || shownSlug === '' || taken !== null || content.channels.length === 0}
    >
      <TextInput label="Title" withAsterisk value={content.title} onChange={(event) => set({ title: event.currentTarget.value })} data-autofocus />
      {!rule && <TextInput label="Name" withAsterisk value={shownSlug} error={taken} onChange={(event) => setSlug(event.currentTarget.value)} />}
      <Switch label="On" checked={content.enabled} onChange={(event) => set({ enabled: event.currentTarget.checked })} />
      <Title order={3}>When</Title>
      <MatchFields match={content.match} onChange={(match) => set({ match })} />
      <Title order={3}>To whom</Title>
      <RecipientFields to={content.to} onChange={(to) => set({ to })} />
      <Title order={3}>How</Title>
      <HowFields content={content} onChange={set} />
    </FormDialog>
  );
}
