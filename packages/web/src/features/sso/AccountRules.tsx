import { Group, Select, Stack, Switch, TagsInput } from '@mantine/core';
import type { ProviderValues } from './provider-values.ts';

/** Whose addresses are believed, and what becomes of people who are not linked yet. */
export function AccountRules({ values, set }: { values: ProviderValues; set: (changed: Partial<ProviderValues>) => void }) {
  return (
    <Stack gap="sm">
      <Group grow align="flex-start" preventGrowOverflow={false}>
        <TagsInput
          label="E-mail domains"
          description="Exactly these, without subdomains"
          placeholder={values.emailDomains.length === 0 ? 'example.org' : ''}
          value={values.emailDomains}
          onChange={(domains) => set({ emailDomains: domains.map((domain) => domain.trim().toLowerCase()) })}
        />
        <Select
          label="Confirmed addresses"
          description="No other makes or takes an account"
          data={[
            { value: 'claim', label: 'Those it says so of (email_verified)' },
            { value: 'always', label: 'All: it is our own directory' },
            { value: 'never', label: 'None: people link it themselves' },
          ]}
          allowDeselect={false}
          value={values.emailTrust}
          onChange={(value) => set({ emailTrust: (value ?? 'claim') as ProviderValues['emailTrust'] })}
        />
      </Group>
      <Switch label="People without an account get one" checked={values.provision} onChange={(event) => set({ provision: event.currentTarget.checked })} />
      <Switch
        label="An account with the same confirmed address is taken over"
        checked={values.linkByEmail}
        onChange={(event) => set({ linkByEmail: event.currentTarget.checked })}
      />
    </Stack>
  );
}
