import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { mailCode } from '@tidewheel/client/routes';
import type { Me } from '@tidewheel/contract/routes/identity';
import type { FactorMethod } from '@tidewheel/contract/routes/second-factor';
import { type FormEvent, type ReactNode, useState } from 'react';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { usePasskeyEntry } from './use-passkey-entry.ts';

interface Step {
  giveCode: (code: string) => Promise<Me>;
  onEntered: (me: Me) => void;
}

const offers: Record<FactorMethod, string> = {
  passkey: 'Use a passkey',
  app: 'Use a code of my app',
  email: 'Get a code by mail',
  recovery: 'Use a recovery code',
};

/** After the password or the provider: one of the ways that the account has. */
export function SecondStep({ methods, onBack, ...step }: Step & { methods: FactorMethod[]; onBack: () => void }) {
  const [chosen, choose] = useState(methods[0]);
  return (
    <Stack gap="sm">
      {chosen === undefined && <Text>None of your second factors works here at the moment. An administrator can reset them for you.</Text>}
      {chosen === 'passkey' && <PasskeyStep {...step} />}
      {chosen === 'app' && <CodeStep key="app" label="Code of your second factor" description="Six digits of your app." {...step} />}
      {chosen === 'email' && <MailStep {...step} />}
      {chosen === 'recovery' && <CodeStep key="recovery" label="Recovery code" description="One of those that you kept. It works once." {...step} />}
      <div>
        {methods
          .filter((method) => method !== chosen)
          .map((method) => (
            <Button key={method} variant="subtle" fullWidth onClick={() => choose(method)}>
              {offers[method]}
            </Button>
          ))}
        <Button variant="subtle" fullWidth onClick={onBack}>
          Back
        </Button>
      </div>
    </Stack>
  );
}

function CodeStep({ giveCode, onEntered, label, description, children }: Step & { label: string; description: string; children?: ReactNode }) {
  const [code, setCode] = useState('');
  const enter = useMutation({ mutationFn: () => giveCode(code.trim()), onSuccess: onEntered });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label={label}
          description={description}
          name="code"
          autoComplete="one-time-code"
          required
          minLength={6}
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
          autoFocus
        />
        {enter.error && <ErrorNotice error={enter.error} />}
        <Button type="submit" loading={enter.isPending} fullWidth mt={4}>
          Sign in
        </Button>
        {children}
      </Stack>
    </form>
  );
}

function MailStep(step: Step) {
  // Not the mutation's own data: that is gone while another code is being sent.
  const [sent, setSent] = useState<{ sentTo: string; left: number } | null>(null);
  const send = useMutation({ mutationFn: () => api.call(mailCode), onSuccess: setSent });
  const button = (text: string) => (
    <Button variant="default" fullWidth loading={send.isPending} onClick={() => send.mutate()}>
      {text}
    </Button>
  );
  if (sent === null)
    return (
      <>
        {send.error && <ErrorNotice error={send.error} />}
        {button('Mail me a code')}
      </>
    );
  return (
    <CodeStep label="Code from the mail" description={`On its way to ${sent.sentTo}. It is good for ten minutes, in this window alone.`} {...step}>
      {send.error && <ErrorNotice error={send.error} />}
      {sent.left > 0 && button('Mail me another code')}
    </CodeStep>
  );
}

function PasskeyStep({ onEntered }: Step) {
  const enter = usePasskeyEntry({ secondFactor: true, onEntered });
  return (
    <>
      <Text size="sm">Your browser asks for the passkey of this account.</Text>
      {enter.error && <ErrorNotice error={enter.error} />}
      <Button fullWidth loading={enter.isPending} onClick={() => enter.mutate()}>
        Use my passkey
      </Button>
    </>
  );
}
