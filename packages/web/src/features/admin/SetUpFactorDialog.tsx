import { Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { beginSecondFactor, confirmSecondFactor } from '@tidewheel/client/routes';
import { type FormEvent, useState } from 'react';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { OnceSecret } from './OnceSecret.tsx';
import { QrCode } from './QrCode.tsx';
import { RecoveryCodes } from './RecoveryCodes.tsx';

/** Password, QR code, first code, recovery codes. */
export function SetUpFactorDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const begin = useMutation({ mutationFn: () => api.call(beginSecondFactor, { body: { password } }) });
  const confirm = useMutation({
    mutationFn: () => api.call(confirmSecondFactor, { body: { code } }),
    onSuccess: () => Promise.all([['me'], ['second-factor'], ['sessions']].map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
  const step = begin.data ? confirm : begin;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    step.mutate();
  };
  return (
    <Modal opened onClose={onClose} title="Set up a second factor" closeOnClickOutside={false}>
      {confirm.data ? (
        <RecoveryCodes codes={confirm.data.recoveryCodes} onClose={onClose} />
      ) : (
        <form onSubmit={submit}>
          <Stack gap="sm">
            {begin.data ? (
              <>
                <Text size="sm">Scan this with your authenticator app, or type the secret into it. Then enter the code that it shows.</Text>
                <QrCode text={begin.data.uri} label="QR code for an authenticator app" />
                <OnceSecret value={begin.data.secret} label="the secret" />
                <TextInput
                  label="Code of the app"
                  inputMode="numeric"
                  autoComplete="one-time-code"
                  required
                  maxLength={7}
                  value={code}
                  onChange={(event) => setCode(event.currentTarget.value)}
                />
              </>
            ) : (
              <PasswordInput
                label="Your password"
                autoComplete="current-password"
                required
                value={password}
                onChange={(event) => setPassword(event.currentTarget.value)}
                visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
                data-autofocus
              />
            )}
            {step.error && <ErrorNotice error={step.error} />}
            <Group justify="flex-end">
              <Button type="submit" loading={step.isPending}>
                {begin.data ? 'Switch it on' : 'Go on'}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
