import { SegmentedControl, Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { listCredentials } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';
import { useCan } from '../../shared/session.ts';

interface SecretSourceProps {
  /** The credential's name; null: a secret of its own, or none. */
  credential: string | null;
  onChange: (credential: string | null) => void;
  disabled: boolean;
}

const most = 200;

/** Whether a connection has a secret of its own or uses a credential, and which. */
export function SecretSource({ credential, onChange, disabled }: SecretSourceProps) {
  const canRead = useCan('credential.read');
  const query = useQuery({ queryKey: ['credentials', 'names'], queryFn: () => api.call(listCredentials, { query: { limit: most } }), enabled: canRead });
  const items = query.data?.items ?? [];
  const choices = items.map((one) => ({ value: one.slug, label: `${one.title} (${one.slug})` }));
  if (credential !== null && !items.some((one) => one.slug === credential)) choices.push({ value: credential, label: credential });
  return (
    <>
      <SegmentedControl
        aria-label="Where the secret comes from"
        data={[
          { value: 'own', label: 'Its own secret' },
          { value: 'named', label: 'A credential' },
        ]}
        value={credential === null ? 'own' : 'named'}
        onChange={(value) => onChange(value === 'own' ? null : (items[0]?.slug ?? ''))}
        disabled={disabled || !canRead}
        style={{ alignSelf: 'flex-start' }}
      />
      {credential !== null && (
        <Select
          label="Credential"
          description="Kept in one place and rotated there; it goes only where it may."
          data={choices}
          value={credential || null}
          onChange={(value) => onChange(value ?? '')}
          error={query.data && items.length === 0 ? 'There is no credential yet.' : undefined}
          searchable
          disabled={disabled}
        />
      )}
      {query.error && (
        <Text size="sm" c="var(--tw-fail)">
          The credentials cannot be listed: {query.error.message}
        </Text>
      )}
    </>
  );
}
