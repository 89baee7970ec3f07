import { SegmentedControl } from '@mantine/core';
import { CredentialInput } from '../../form/CredentialInput.tsx';
import { useCredentialChoices } from '../../form/credential-choices.ts';

interface SecretSourceProps {
  /** The credential's name; null: a secret of its own, or none. */
  credential: string | null;
  onChange: (credential: string | null) => void;
  disabled: boolean;
}

/** Whether a connection has a secret of its own or uses a credential, and which. */
export function SecretSource({ credential, onChange, disabled }: SecretSourceProps) {
  const { choices, canRead } = useCredentialChoices();
  return (
    <>
      <SegmentedControl
        aria-label="Where the secret comes from"
        data={[
          { value: 'own', label: 'Its own secret' },
          { value: 'named', label: 'A credential' },
        ]}
        value={credential === null ? 'own' : 'named'}
        onChange={(value) => onChange(value === 'own' ? null : (choices[0]?.value ?? ''))}
        disabled={disabled || !canRead}
        style={{ alignSelf: 'flex-start' }}
      />
      {credential !== null && (
        <CredentialInput
          label="Credential"
          description="Kept in one place and rotated there; it goes only where it may."
          value={credential}
          onChange={(value) => onChange(value ?? '')}
          clearable={false}
          disabled={disabled}
        />
      )}
    </>
  );
}
