import { Button, Group, NumberInput, PasswordInput, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { removeMailSettings, updateMailSettings } from '@tidewheel/client/routes';
import type { MailServer } from '@tidewheel/contract/routes/mail';
import { type FormEvent, useState } from 'react';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { announce } from '../../shared/notify.ts';

const securities = [
  { value: 'starttls', label: 'STARTTLS (usually port 587)' },
  { value: 'tls', label: 'TLS (usually port 465)' },
  { value: 'none', label: 'None: a relay on this machine' },
];
const usualPort: Record<MailServer['security'], number> = { starttls: 587, tls: 465, none: 25 };
const empty = { host: '', port: 587, security: 'starttls' as MailServer['security'], certificateAuthority: '', user: '', from: '', fromName: 'Tidewheel' };

/** The mail server; the stored password is kept while its field stays empty. */
export function MailForm({ server }: { server: MailServer | null }) {
  const queries = useQueryClient();
  const [values, setValues] = useState(() => ({
    ...empty,
    ...server,
    certificateAuthority: server?.certificateAuthority ?? '',
    user: server?.user ?? '',
    fromName: server ? (server.fromName ?? '') : empty.fromName,
  }));
  const [password, setPassword] = useState('');
  const set = (changed: Partial<typeof empty>) => setValues({ ...values, ...changed });
  const refresh = () => queries.invalidateQueries({ queryKey: ['mail'] });
  const save = useMutation({
    mutationFn: () => api.call(updateMailSettings, { body: bodyOf(values, password) }),
    onSuccess: () => {
      setPassword('');
      announce('The mail server is set.');
      return refresh();
    },
  });
  const remove = useMutation({ mutationFn: () => api.call(removeMailSettings), onSuccess: refresh });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group grow align="flex-start" preventGrowOverflow={false}>
          <TextInput label="Host" required value={values.host} onChange={(event) => set({ host: event.currentTarget.value.trim() })} />
          <Select
            label="Encryption"
            data={securities}
            value={values.security}
            allowDeselect={false}
            onChange={(value) => {
              const security = (value ?? 'starttls') as MailServer['security'];
              set({ security, port: values.port === usualPort[values.security] ? usualPort[security] : values.port });
            }}
          />
          <NumberInput
            label="Port"
            required
            min={1}
            max={65_535}
            allowDecimal={false}
            value={values.port}
            onChange={(port) => set({ port: Number(port) || 0 })}
          />
        </Group>
        <Group grow align="flex-start">
          <TextInput label="User" autoComplete="off" value={values.user} onChange={(event) => set({ user: event.currentTarget.value })} />
          <PasswordInput
            label="Password"
            autoComplete="off"
            placeholder={server?.hasPassword ? 'Unchanged' : undefined}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
          />
        </Group>
        <Group grow align="flex-start">
          <TextInput label="From" type="email" required value={values.from} onChange={(event) => set({ from: event.currentTarget.value.trim() })} />
          <TextInput label="Name of the sender" value={values.fromName} onChange={(event) => set({ fromName: event.currentTarget.value })} />
        </Group>
        <Textarea
          label="Certificate of a private authority (PEM)"
          description="Only when a public authority did not sign the certificate of the mail server."
          autosize
          maxRows={6}
          value={values.certificateAuthority}
          onChange={(event) => set({ certificateAuthority: event.currentTarget.value })}
        />
        {save.error && <ErrorNotice error={save.error} />}
        <Group gap="xs">
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
          {server && (
            <ConfirmButton
              ask={{ title: 'Stop sending mail?', text: 'The mail server and its password are forgotten.', confirm: 'Stop', isDanger: true }}
              mutation={remove}
            >
              Stop sending mail
            </ConfirmButton>
          )}
        </Group>
      </Stack>
    </form>
  );
}

function bodyOf({ host, port, security, certificateAuthority, user, from, fromName }: typeof empty, password: string) {
  return {
    host,
    port,
    security,
    from,
    certificateAuthority: certificateAuthority.trim() || null,
    user: user.trim() || null,
    fromName: fromName.trim() || null,
    ...(password === '' ? {} : { password }),
  };
}
