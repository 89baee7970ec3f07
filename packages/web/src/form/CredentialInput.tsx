import { Anchor, Select } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useCan } from '../shared/session.ts';
import { useCredentialChoices } from './credential-choices.ts';

interface CredentialInputProps {
  label: string;
  description?: ReactNode;
  error?: ReactNode;
  name?: string;
  placeholder?: string | undefined;
  withAsterisk?: boolean;
  clearable?: boolean;
  disabled?: boolean | undefined;
  value: string | null;
  onChange: (value: string | null) => void;
  /** Only of these types. */
  types?: readonly string[] | undefined;
}

/** A credential by its name, of those that fit. Who may make one finds the way there; it opens beside, so that what was typed here stays. */
export function CredentialInput({ types, value, description, error, disabled, clearable = true, ...input }: CredentialInputProps) {
  const canMake = useCan('credential.edit');
  const { choices, isKnown, canRead, error: unread } = useCredentialChoices(types);
  const isChosen = !value || choices.some((choice) => choice.value === value);
  const link = canMake && !disabled && (
    <Anchor inherit underline="always" component={Link} to="/credentials/new" target="_blank" rel="noreferrer">
      New credential
    </Anchor>
  );
  return (
    <Select
      {...input}
      description={
        <>
          {description} {link}
        </>
      }
      data={isChosen ? choices : [...choices, { value, label: value }]}
      value={value || null}
      error={error ?? (unread ? `The credentials cannot be listed: ${unread.message}` : undefined)}
      placeholder={isKnown && choices.length === 0 ? 'There is none that fits yet' : input.placeholder}
      searchable
      clearable={clearable}
      disabled={disabled || !canRead}
    />
  );
}
