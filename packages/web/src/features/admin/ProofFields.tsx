import { PasswordInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { FactorProof } from '@tidewheel/contract/routes/second-factor';
import { secondFactorQuery } from './admin.queries.ts';

/** What changing factors needs besides an open session: nothing just after signing in. */
export function ProofFields({ value, onChange }: { value: FactorProof; onChange: (value: FactorProof) => void }) {
  const { data } = useQuery(secondFactorQuery);
  if (!data || data.recentSignIn) return null;
  return (
    <>
      <PasswordInput
        label="Your password"
        description="Not needed within ten minutes of signing in."
        autoComplete="current-password"
        required
        value={value.password ?? ''}
        onChange={(event) => onChange({ ...value, password: event.currentTarget.value })}
        visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
        data-autofocus
      />
      {data.on && (
        <TextInput
          label={data.app ? 'Code of your app, or a recovery code' : 'A recovery code'}
          autoComplete="one-time-code"
          required
          value={value.code ?? ''}
          onChange={(event) => onChange({ ...value, code: event.currentTarget.value })}
        />
      )}
    </>
  );
}
