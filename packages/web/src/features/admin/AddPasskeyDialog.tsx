import { Text, TextInput } from '@mantine/core';
import { addPasskey, beginPasskey } from '@tidewheel/client/routes';
import type { FactorProof } from '@tidewheel/contract/routes/second-factor';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { makePasskey } from '../../shared/passkeys.ts';
import { agentName } from './agent-name.ts';
import { useFactorChange } from './factor-change.ts';
import { ProofFields } from './ProofFields.tsx';
import { RecoveryCodes } from './RecoveryCodes.tsx';

/** Name, proof where it is due, then the browser asks. */
export function AddPasskeyDialog({ onClose }: { onClose: () => void }) {
  const [title, setTitle] = useState(agentName(navigator.userAgent));
  const [proof, setProof] = useState<FactorProof>({});
  const add = useFactorChange(
    async () => {
      const credential = await makePasskey(await api.call(beginPasskey, { body: proof }));
      return api.call(addPasskey, { body: { title, credential } });
    },
    ({ recoveryCodes }) => recoveryCodes === null && onClose(),
  );
  return (
    <FormDialog
      title="Add a passkey"
      closeOnClickOutside={false}
      onClose={onClose}
      mutation={add}
      action="Make the passkey"
      hasClose={false}
      done={add.data?.recoveryCodes && <RecoveryCodes codes={add.data.recoveryCodes} onClose={onClose} />}
    >
      <Text size="sm">
        Your browser asks for your fingerprint, face, PIN or security key. From then on the password alone signs you in no more: it takes the passkey, or
        another second factor that you set up.
      </Text>
      <TextInput
        label="Name"
        description="To tell it from others."
        required
        maxLength={100}
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <ProofFields value={proof} onChange={setProof} />
    </FormDialog>
  );
}
