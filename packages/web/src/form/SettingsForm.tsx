import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconDeviceFloppy } from '@tabler/icons-react';
import type { FormEvent, ReactNode } from 'react';
import { ErrorNotice } from '../shared/ErrorNotice.tsx';
import classes from '../shared/Split.module.css';

interface SettingsFormProps {
  /** What sort of thing it is. */
  kind: { title: string; description: string };
  form: {
    title: string;
    setTitle(title: string): void;
    slug: string;
    setSlug(slug: string): void;
    save: { error: Error | null; isPending: boolean };
    submit(): Promise<void>;
  };
  /** What the name is for, where it can still be given. */
  nameFor: string | null;
  canEdit: boolean;
  /** Whether what else must be there is there. */
  isComplete?: boolean;
  children: ReactNode;
  /** Buttons beside the one that saves. */
  actions?: ReactNode;
}

/** Title and name of something whose settings, the children, come from a schema; what went wrong; the buttons. */
export function SettingsForm({ kind, form, nameFor, canEdit, isComplete = true, children, actions }: SettingsFormProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void form.submit();
  };
  return (
    <form onSubmit={submit} className={`tw-card ${classes['card']}`} noValidate>
      <Stack gap="sm">
        <div>
          <Title order={2}>{kind.title}</Title>
          <Text size="sm" c="dimmed">
            {kind.description}
          </Text>
        </div>
        <TextInput label="Title" withAsterisk value={form.title} onChange={(event) => form.setTitle(event.currentTarget.value)} disabled={!canEdit} />
        {nameFor !== null && (
          <TextInput
            label="Name"
            description={`${nameFor}; it cannot be changed later`}
            withAsterisk
            value={form.slug}
            onChange={(event) => form.setSlug(event.currentTarget.value)}
          />
        )}
        {children}
        {form.save.error && <ErrorNotice error={form.save.error} />}
        {canEdit && (
          <Group gap="xs" mt="xs">
            <Button
              type="submit"
              loading={form.save.isPending}
              disabled={form.title.trim() === '' || form.slug === '' || !isComplete}
              leftSection={<IconDeviceFloppy size={16} aria-hidden />}
            >
              Save
            </Button>
            {actions}
          </Group>
        )}
      </Stack>
    </form>
  );
}
