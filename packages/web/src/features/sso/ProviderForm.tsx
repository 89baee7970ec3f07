import { Button, Group, NumberInput, PasswordInput, Select, SimpleGrid, Stack, Switch, TagsInput, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { createSsoProvider, discoverSso, updateSsoProvider } from '@tidewheel/client/routes';
import type { SsoProvider } from '@tidewheel/contract/routes/sso';
import { type FormEvent, useState } from 'react';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { announce } from '../../shared/notify.ts';
import { AccountRules } from './AccountRules.tsx';
import { bodyOf, type ProviderValues, valuesOf } from './provider-values.ts';

/** A provider's settings; null: a new one. The stored secret is kept while its field stays empty. */
export function ProviderForm({ provider }: { provider: SsoProvider | null }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [values, setValues] = useState(() => valuesOf(provider));
  const set = (changed: Partial<ProviderValues>) => setValues((before) => ({ ...before, ...changed }));
  const save = useMutation({
    mutationFn: () =>
      provider === null
        ? api.call(createSsoProvider, { body: { ...bodyOf(values), slug: values.slug, clientSecret: values.clientSecret || null } })
        : api.call(updateSsoProvider, {
            params: { slug: provider.slug },
            body: { ...bodyOf(values), ...(values.clientSecret === '' ? {} : { clientSecret: values.clientSecret }) },
          }),
    onSuccess: async ({ slug }) => {
      set({ clientSecret: '' });
      announce('The provider is saved.');
      await queries.invalidateQueries({ queryKey: ['sso'] });
      if (provider === null) await navigate({ to: '/admin/sso/$slug', params: { slug } });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group grow align="flex-start" preventGrowOverflow={false}>
          <TextInput
            label="Title"
            description="On the button of the sign-in page"
            required
            value={values.title}
            onChange={(event) => set({ title: event.currentTarget.value })}
          />
          {provider === null && (
            <TextInput
              label="Name"
              description="Part of the redirect URI, for good"
              required
              placeholder="acme"
              value={values.slug}
              onChange={(event) => set({ slug: event.currentTarget.value.trim() })}
            />
          )}
          <NumberInput
            label="Order"
            description="Of the buttons"
            min={0}
            max={1_000}
            allowDecimal={false}
            value={values.position}
            onChange={(value) => set({ position: Number(value) || 0 })}
          />
        </Group>
        <IssuerField values={values} set={set} />
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
          <TextInput label="Client id" required value={values.clientId} onChange={(event) => set({ clientId: event.currentTarget.value.trim() })} />
          <PasswordInput
            label="Client secret"
            autoComplete="off"
            placeholder={provider?.hasSecret ? 'Unchanged' : 'None: a public client'}
            value={values.clientSecret}
            onChange={(event) => set({ clientSecret: event.currentTarget.value })}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the secret' }}
          />
        </SimpleGrid>
        <Group grow align="flex-start" preventGrowOverflow={false}>
          <TagsInput label="Scopes" value={values.scopes} onChange={(scopes) => set({ scopes })} />
          <TextInput label="Claim with the groups" required value={values.groupsClaim} onChange={(event) => set({ groupsClaim: event.currentTarget.value })} />
        </Group>
        <AccountRules values={values} set={set} />
        <Group grow align="flex-start" preventGrowOverflow={false}>
          <Select
            label="Second factor"
            data={[
              { value: 'ours', label: 'Ours, where an account has one' },
              { value: 'claims', label: 'Theirs, when amr or acr says so' },
              { value: 'always', label: 'Theirs, always: every sign-in there has one' },
            ]}
            allowDeselect={false}
            value={values.secondFactor}
            onChange={(value) => set({ secondFactor: (value ?? 'ours') as ProviderValues['secondFactor'] })}
          />
          {values.secondFactor === 'claims' && (
            <TagsInput label="Values of amr or acr" placeholder="mfa" value={values.factorValues} onChange={(factorValues) => set({ factorValues })} />
          )}
        </Group>
        <Switch
          label="Signing out here signs out there too"
          checked={values.endSession}
          onChange={(event) => set({ endSession: event.currentTarget.checked })}
        />
        <Switch label="On the sign-in page" checked={values.enabled} onChange={(event) => set({ enabled: event.currentTarget.checked })} />
        {save.error && <ErrorNotice error={save.error} />}
        <Group>
          <Button type="submit" loading={save.isPending}>
            {provider === null ? 'Add the provider' : 'Save'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function IssuerField({ values, set }: { values: ProviderValues; set: (changed: Partial<ProviderValues>) => void }) {
  const check = useMutation({
    mutationFn: () => api.call(discoverSso, { body: { issuer: values.issuer, certificateAuthority: values.certificateAuthority.trim() || null } }),
  });
  return (
    <>
      <Group align="flex-end" wrap="nowrap">
        <TextInput
          label="Issuer"
          description="As the provider names it; its /.well-known/openid-configuration tells the rest"
          required
          type="url"
          placeholder="https://login.example.org"
          style={{ flex: 1 }}
          value={values.issuer}
          onChange={(event) => set({ issuer: event.currentTarget.value.trim() })}
        />
        <Button variant="default" loading={check.isPending} disabled={values.issuer === ''} onClick={() => check.mutate()}>
          Check
        </Button>
      </Group>
      {check.error && <ErrorNotice error={check.error} />}
      {check.data && (
        <Text size="sm" role="status">
          It answers: signs with {check.data.signingAlgorithms.join(', ')}; user info {check.data.userInfo ? 'yes' : 'no'}; signing out there{' '}
          {check.data.endSession ? 'yes' : 'no'}.
        </Text>
      )}
      <Textarea
        label="Certificate of a private authority (PEM)"
        description="Only when a public authority did not sign the certificate of the provider"
        autosize
        maxRows={6}
        value={values.certificateAuthority}
        onChange={(event) => set({ certificateAuthority: event.currentTarget.value })}
      />
    </>
  );
}
