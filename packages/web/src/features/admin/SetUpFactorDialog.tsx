import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { beginSecondFactor, confirmSecondFactor } from '@tidewheel/client/routes';
import type { FactorProof } from '@tidewheel/contract/routes/second-factor';
import { type FormEvent, useState } from 'react';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { useFactorChange } from './factor-change.ts';
import { OnceSecret } from './OnceSecret.tsx';
import { ProofFields } from './ProofFields.tsx';
import { QrCode } from './QrCode.tsx';
import { RecoveryCodes } from './RecoveryCodes.tsx';

/** Proof where it is due, QR code, first code, recovery codes. */
export function SetUpFactorDialog({ onClose }: { onClose: () => void }) {
  const [proof, setProof] = useState<FactorProof>({});
  const [code, setCode] = useState('');
  const begin = useMutation({ mutationFn: () => api.call(beginSecondFactor, { body: proof }) });
  const confirm = useFactorChange(() => api.call(confirmSecondFactor, { body: { code } }));
  const step = begin.data ? confirm : begin;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    step.mutate();
  };
  return (
    <Modal opened onClose={onClose} title="Set up an authenticator app" closeOnClickOutside={false}>
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
              <>
                <Text size="sm">You need an app such as Google Authenticator or Authy on your phone.</Text>
                <ProofFields value={proof} onChange={setProof} />
              </>
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
