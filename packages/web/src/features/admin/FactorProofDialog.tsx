import { Text } from '@mantine/core';
import { removePasskey, removeSecondFactor, renewRecoveryCodes, switchEmailCode } from '@tidewheel/client/routes';
import type { FactorProof } from '@tidewheel/contract/routes/second-factor';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { useFactorChange } from './factor-change.ts';
import { ProofFields } from './ProofFields.tsx';
import { RecoveryCodes } from './RecoveryCodes.tsx';

export type FactorTask = { kind: 'codes' | 'remove-app' | 'email-on' | 'email-off' } | { kind: 'remove-passkey'; id: string; title: string };

interface Words {
  title: string;
  text: string;
  button: string;
  isDanger: boolean;
}
const words: Record<FactorTask['kind'], Words> = {
  codes: { title: 'New recovery codes', text: 'The codes that you have stop working.', button: 'Make new codes', isDanger: false },
  'remove-app': { title: 'Switch the authenticator app off', text: 'Its codes stop working.', button: 'Switch it off', isDanger: true },
  'email-on': {
    title: 'Codes by mail',
    text: 'After your password you can have a code mailed. Whoever reads your mail gets it too: an app or a passkey is safer.',
    button: 'Switch them on',
    isDanger: false,
  },
  'email-off': { title: 'Codes by mail', text: 'No code is mailed to you any more.', button: 'Switch them off', isDanger: true },
  'remove-passkey': {
    title: 'Remove the passkey',
    text: 'It signs you in no more. Delete it on the device or at its provider too.',
    button: 'Remove it',
    isDanger: true,
  },
};

/** A change that needs proof: new recovery codes, or a method on or off. */
export function FactorProofDialog({ task, onClose }: { task: FactorTask; onClose: () => void }) {
  const [proof, setProof] = useState<FactorProof>({});
  const change = useFactorChange(
    () => perform(task, proof),
    ({ recoveryCodes }) => recoveryCodes === null && onClose(),
  );
  const { title, text, button, isDanger } = words[task.kind];
  return (
    <FormDialog
      title={task.kind === 'remove-passkey' ? `${title} ${task.title}` : title}
      onClose={onClose}
      mutation={change}
      action={button}
      isDanger={isDanger}
      hasClose={false}
      done={change.data?.recoveryCodes && <RecoveryCodes codes={change.data.recoveryCodes} onClose={onClose} />}
    >
      <Text size="sm">{text}</Text>
      <ProofFields value={proof} onChange={setProof} />
    </FormDialog>
  );
}

async function perform(task: FactorTask, proof: FactorProof): Promise<{ recoveryCodes: string[] | null }> {
  if (task.kind === 'codes') return api.call(renewRecoveryCodes, { body: proof });
  if (task.kind === 'email-on' || task.kind === 'email-off') return api.call(switchEmailCode, { body: { ...proof, on: task.kind === 'email-on' } });
  if (task.kind === 'remove-passkey') await api.call(removePasskey, { params: { id: task.id }, body: proof });
  else await api.call(removeSecondFactor, { body: proof });
  return { recoveryCodes: null };
}
