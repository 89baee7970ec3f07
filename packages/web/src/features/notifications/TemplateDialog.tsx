import { Button, Group, Select, TagsInput, Text, Textarea, TextInput } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { previewTemplate, saveTemplate } from '@tidewheel/client/routes';
import type { RenderedMessage, Template, TemplateContent } from '@tidewheel/contract/notify';
import { slugOf } from '@tidewheel/contract/slug';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { announce } from '../../shared/notify.ts';
import { takenFault } from './NamedTab.tsx';
import { templateQuery, templatesQuery } from './notifications.queries.ts';

const empty: TemplateContent = {
  title: '',
  kinds: [],
  subject: '{{ event.title }}',
  text: '{{ event.title }}\n\n{{ event.text }}\n\n{{ link }}\n{{ reason }}',
  html: '',
  short: '',
  inAppTitle: '',
  inAppText: '',
};
const mono = { input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.8125rem' } };

/** One template, with its versions and a preview. */
export function TemplateDialog({ template, onClose }: { template: Template | null; onClose: () => void }) {
  const queries = useQueryClient();
  const [content, setContent] = useState(template?.content ?? empty);
  const slug = template?.slug ?? slugOf(content.title);
  const all = useQuery(templatesQuery).data;
  const taken = template ? null : takenFault(all, slug);
  const set = (part: Partial<TemplateContent>) => setContent((old) => ({ ...old, ...part }));
  const preview = useMutation({ mutationFn: () => api.call(previewTemplate, { body: { content: { ...content, title: content.title || 'Preview' } } }) });
  const save = useMutation({
    mutationFn: () => api.call(saveTemplate, { params: { slug }, body: content }),
    onSuccess: async (saved) => {
      announce(`The template ${saved.content.title} is saved as version ${saved.version}.`);
      await queries.invalidateQueries({ queryKey: ['notification-templates'] });
      onClose();
    },
  });
  return (
    <FormDialog
      title={template ? template.content.title : 'New template'}
      size="xl"
      closeOnClickOutside={false}
      onClose={onClose}
      mutation={save}
      action="Save as a new version"
      disabled={slug === '' || taken !== null}
    >
      {template && <Versions slug={template.slug} onChoose={setContent} />}
      <TextInput
        label="Title"
        withAsterisk
        value={content.title}
        error={taken}
        onChange={(event) => set({ title: event.currentTarget.value })}
        data-autofocus
      />
      <TagsInput
        label="Used for"
        description="Kinds of events: run.*; none: only where a rule names it"
        value={content.kinds}
        onChange={(kinds) => set({ kinds })}
      />
      <TextInput label="Subject" withAsterisk styles={mono} value={content.subject} onChange={(event) => set({ subject: event.currentTarget.value })} />
      <Textarea
        label="Text"
        withAsterisk
        autosize
        minRows={6}
        maxRows={18}
        styles={mono}
        value={content.text}
        onChange={(event) => set({ text: event.currentTarget.value })}
      />
      <Textarea
        label="HTML"
        description="Values are escaped; empty: made of the text"
        autosize
        minRows={2}
        maxRows={12}
        styles={mono}
        value={content.html}
        onChange={(event) => set({ html: event.currentTarget.value })}
      />
      <TextInput
        label="Short form"
        description="For chats; empty: the subject"
        styles={mono}
        value={content.short}
        onChange={(event) => set({ short: event.currentTarget.value })}
      />
      <TextInput
        label="Title in the page"
        description="Behind the bell; empty: the subject"
        styles={mono}
        value={content.inAppTitle}
        onChange={(event) => set({ inAppTitle: event.currentTarget.value })}
      />
      <Textarea
        label="Text in the page"
        description="Empty: as the event says it"
        autosize
        minRows={2}
        maxRows={8}
        styles={mono}
        value={content.inAppText}
        onChange={(event) => set({ inAppText: event.currentTarget.value })}
      />
      <Group>
        <Button variant="default" leftSection={<IconEye size={16} aria-hidden />} loading={preview.isPending} onClick={() => preview.mutate()}>
          Preview with a sample
        </Button>
      </Group>
      {preview.error && <ErrorNotice error={preview.error} />}
      {preview.data && <Preview rendered={preview.data} />}
    </FormDialog>
  );
}

function Preview({ rendered }: { rendered: RenderedMessage }) {
  return (
    <section className="tw-card" style={{ padding: 12 }} aria-label="Preview">
      <Text size="sm" fw={650}>
        {rendered.subject}
      </Text>
      <Text component="pre" size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', fontFamily: 'inherit', margin: '8px 0' }}>
        {rendered.text}
      </Text>
      <Text size="xs" c="dimmed">
        In chats: {rendered.short}
      </Text>
      <Text size="xs" c="dimmed" mt={8}>
        In the page:
      </Text>
      <Text size="sm" fw={600}>
        {rendered.inAppTitle}
      </Text>
      <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {rendered.inAppText}
      </Text>
    </section>
  );
}

function Versions({ slug, onChoose }: { slug: string; onChoose: (content: TemplateContent) => void }) {
  const versions = useQuery(templateQuery(slug)).data?.versions ?? [];
  if (versions.length < 2) return null;
  const data = versions.map(({ version, createdBy }) => ({
    value: String(version),
    label: version === 0 ? 'As it came' : `Version ${version} by ${createdBy}`,
  }));
  return (
    <Select
      label="Start from a version"
      data={data}
      placeholder="The present one"
      onChange={(value) => {
        const chosen = versions.find(({ version }) => String(version) === value);
        if (chosen) onChoose(chosen.content);
      }}
    />
  );
}
