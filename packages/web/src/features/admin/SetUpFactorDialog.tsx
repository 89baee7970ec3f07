import { Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { beginSecondFactor, confirmSecondFactor } from '@tidewheel/client/routes';
import type { FactorProof } from '@tidewheel/contract/routes/second-factor';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { OnceSecret } from '../../shared/OnceSecret.tsx';
import { useFactorChange } from './factor-change.ts';
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
  return (
    <FormDialog
      title="Set up an authenticator app"
      closeOnClickOutside={false}
      onClose={onClose}
      mutation={step}
      action={begin.data ? 'Switch it on' : 'Go on'}
      hasClose={false}
      done={confirm.data && <RecoveryCodes codes={confirm.data.recoveryCodes} onClose={onClose} />}
    >
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
    </FormDialog>
  );
}
