import { Select, Switch, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { saveChannel } from '@tidewheel/client/routes';
import type { Channel, ChannelType } from '@tidewheel/contract/notify';
import { slugOf } from '@tidewheel/contract/slug';
import { useState } from 'react';
import { type FormValues, givenValues } from '../../form/form-values.ts';
import { SchemaForm } from '../../form/SchemaForm.tsx';
import { type FormErrors, validateValues } from '../../form/validate.ts';
import { api } from '../../shared/api.ts';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { announce } from '../../shared/notify.ts';
import { takenFault } from './NamedTab.tsx';
import { channelsQuery, channelTypesQuery } from './notifications.queries.ts';

/** The settings of a channel by the schema of its type; its secret can be written, never read. */
export function ChannelDialog({ channel, onClose }: { channel: Channel | null; onClose: () => void }) {
  const types = useQuery(channelTypesQuery).data ?? [];
  const [type, setType] = useState(channel?.type ?? 'webhook');
  const chosen = types.find((one) => one.type === type);
  const form = useChannelForm({ channel, type: chosen, onSaved: onClose });
  const all = useQuery(channelsQuery).data;
  const taken = channel ? null : takenFault(all, form.slug);
  return (
    <FormDialog
      title={channel ? channel.title : 'New channel'}
      onClose={onClose}
      mutation={form.save}
      action="Save"
      validate={form.validate}
      disabled={form.title.trim() === '' || form.slug === '' || taken !== null || !chosen}
    >
      {!channel && (
        <Select
          label="Type"
          data={types.filter((one) => !one.builtIn).map((one) => ({ value: one.type, label: one.title }))}
          value={type}
          allowDeselect={false}
          onChange={(value) => setType(value ?? 'webhook')}
        />
      )}
      {chosen && (
        <Text size="sm" c="dimmed">
          {chosen.description}
        </Text>
      )}
      <TextInput label="Title" withAsterisk value={form.title} onChange={(event) => form.setTitle(event.currentTarget.value)} data-autofocus />
      {!channel && (
        <TextInput
          label="Name"
          description="How rules name it"
          withAsterisk
          value={form.slug}
          error={taken}
          onChange={(event) => form.setSlug(event.currentTarget.value)}
        />
      )}
      <Switch label="On" checked={form.enabled} onChange={(event) => form.setEnabled(event.currentTarget.checked)} />
      {chosen && <SchemaForm schema={chosen.config} values={form.config} errors={form.errors.config} onChange={form.setConfig} />}
      {chosen?.secret && (
        <>
          <Text size="sm" c="dimmed">
            {channel?.hasSecret
              ? 'A secret is stored in the vault. Leave these fields empty to keep it.'
              : 'Kept encrypted in the vault and never shown again.'}
          </Text>
          <SchemaForm
            schema={chosen.secret}
            values={form.secret}
            errors={form.errors.secret}
            onChange={form.setSecret}
            keepsSecret={channel?.hasSecret === true}
          />
        </>
      )}
    </FormDialog>
  );
}

function useChannelForm({ channel, type, onSaved }: { channel: Channel | null; type: ChannelType | undefined; onSaved: () => void }) {
  const queries = useQueryClient();
  const [title, setTitle] = useState(channel?.title ?? '');
  const [slug, setSlug] = useState<string | null>(channel?.slug ?? null);
  const [enabled, setEnabled] = useState(channel?.enabled ?? true);
  const [config, setConfig] = useState<FormValues>(channel?.config ?? {});
  const [secret, setSecret] = useState<FormValues>({});
  const [errors, setErrors] = useState<{ config: FormErrors; secret: FormErrors }>({ config: {}, secret: {} });
  const shownSlug = slug ?? slugOf(title);
  const typed = givenValues(secret);
  const hasTyped = Object.keys(typed).length > 0;
  const save = useMutation({
    mutationFn: () =>
      api.call(saveChannel, {
        params: { slug: shownSlug },
        body: { title: title.trim(), type: type?.type ?? '', enabled, config: givenValues(config), ...(hasTyped ? { secret: typed } : {}) },
      }),
    onSuccess: async (saved) => {
      announce(`The channel ${saved.title} is saved.`);
      await queries.invalidateQueries({ queryKey: ['channels', 'list'] });
      onSaved();
    },
  });
  const validate = async (): Promise<boolean> => {
    if (!type) return false;
    const found = {
      config: await validateValues(type.config, givenValues(config)),
      secret: type.secret && hasTyped ? await validateValues(type.secret, typed) : {},
    };
    setErrors(found);
    return Object.keys(found.config).length + Object.keys(found.secret).length === 0;
  };
  return { title, setTitle, slug: shownSlug, setSlug, enabled, setEnabled, config, setConfig, secret, setSecret, errors, save, validate };
}
