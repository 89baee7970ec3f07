import { NumberInput, TagsInput, Textarea, TextInput } from '@mantine/core';
import type { Metadata } from './metadata.ts';

interface MetadataFieldsProps {
  value: Metadata;
  onChange: (value: Metadata) => void;
  disabled?: boolean;
}

/** What everybody who may read credentials sees: title, purpose, where it may go, when it ends. */
export function MetadataFields({ value, onChange, disabled = false }: MetadataFieldsProps) {
  const set = (change: Partial<Metadata>) => onChange({ ...value, ...change });
  return (
    <>
      <TextInput
        label="Title"
        withAsterisk
        maxLength={200}
        value={value.title}
        onChange={(event) => set({ title: event.currentTarget.value })}
        disabled={disabled}
      />
      <Textarea
        label="What it is for"
        autosize
        minRows={2}
        maxLength={2000}
        value={value.description}
        onChange={(event) => set({ description: event.currentTarget.value })}
        disabled={disabled}
      />
      <TagsInput
        label="May be sent to"
        description="Hosts, *.domain or host:port. Without any, only who may edit credentials joins it to a connection."
        placeholder={disabled ? '' : 'sftp.example.com'}
        value={value.hosts}
        onChange={(hosts) => set({ hosts })}
        splitChars={[',', ' ']}
        disabled={disabled}
      />
      <TagsInput
        label="May be used by"
        description="Names of connections. Without any: by every connection that may reach it."
        value={value.connections}
        onChange={(connections) => set({ connections })}
        splitChars={[',', ' ']}
        disabled={disabled}
      />
      <TextInput
        label="Ends on"
        type="date"
        value={value.expiresOn ?? ''}
        onChange={(event) => set({ expiresOn: event.currentTarget.value || null })}
        disabled={disabled}
      />
      <NumberInput
        label="Remind administrators this many days before"
        description={value.remindDays.length > 1 ? `Besides ${value.remindDays.slice(1).join(' and ')} days before.` : undefined}
        min={0}
        max={365}
        allowDecimal={false}
        value={value.remindDays[0] ?? ''}
        onChange={(days) => set({ remindDays: days === '' ? [] : [Number(days), ...value.remindDays.filter((one) => one < Number(days))] })}
        disabled={disabled}
      />
    </>
  );
}
