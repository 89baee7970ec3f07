import { Button, Group, Modal, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { removeSecondFactor, renewRecoveryCodes } from '@tidewheel/client/routes';
import { type FormEvent, useState } from 'react';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { RecoveryCodes } from './RecoveryCodes.tsx';

const titles = { codes: 'New recovery codes', remove: 'Switch the second factor off' };

/** What needs both factors again: new recovery codes, or switching it off. */
export function FactorProofDialog({ task, onClose }: { task: keyof typeof titles; onClose: () => void }) {
  const queries = useQueryClient();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const act = useMutation({
    mutationFn: async () => {
      if (task === 'codes') return (await api.call(renewRecoveryCodes, { body: { password, code } })).recoveryCodes;
      await api.call(removeSecondFactor, { body: { password, code } });
      return null;
    },
    onSuccess: (codes) => {
      if (codes === null) onClose();
      return Promise.all([['me'], ['second-factor']].map((queryKey) => queries.invalidateQueries({ queryKey })));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    act.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={titles[task]}>
      {act.data ? (
        <RecoveryCodes codes={act.data} onClose={onClose} />
      ) : (
        <form onSubmit={submit}>
          <Stack gap="sm">
            <PasswordInput
              label="Your password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
              data-autofocus
            />
            <TextInput
              label="Code of the app, or a recovery code"
              autoComplete="one-time-code"
              required
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
            {act.error && <ErrorNotice error={act.error} />}
            <Group justify="flex-end">
              <Button type="submit" loading={act.isPending} {...(task === 'remove' ? { color: 'red' } : {})}>
                {task === 'codes' ? 'Make new codes' : 'Switch it off'}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
