import { Button, Group, MultiSelect, NumberInput, Select, SimpleGrid, Stack, Switch } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { revokeAllSessions, updateSignInRules } from '@tidewheel/client/routes';
import type { Role } from '@tidewheel/contract/access';
import type { SignInRules } from '@tidewheel/contract/routes/sign-in';
import { type FormEvent, useState } from 'react';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { announce } from '../../shared/notify.ts';
import { useRoleChoices } from '../../shared/roles.ts';
import { rulesQuery } from './admin.queries.ts';

/** Passwords, sessions and who may make an account. */
export function SignInRulesForm({ rules }: { rules: SignInRules }) {
  const queries = useQueryClient();
  const roleChoices = useRoleChoices();
  const [values, setValues] = useState(rules);
  const set = (changed: Partial<SignInRules>) => setValues({ ...values, ...changed });
  const save = useMutation({
    mutationFn: () => api.call(updateSignInRules, { body: values }),
    onSuccess: (saved) => {
      queries.setQueryData(rulesQuery.queryKey, saved);
      announce('The rules are saved; they hold from now on.');
    },
  });
  const end = useMutation({
    mutationFn: () => api.call(revokeAllSessions),
    onSuccess: ({ ended }) => announce(`${ended} sessions ended.`),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const number = (name: 'minPasswordLength' | 'idleMinutes' | 'maxSessions', label: string, [min, max]: [number, number]) => (
    <NumberInput
      label={label}
      required
      min={min}
      max={max}
      allowDecimal={false}
      value={values[name]}
      onChange={(value) => set({ [name]: Number(value) || min })}
    />
  );
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm" style={{ alignItems: 'end' }}>
          {number('minPasswordLength', 'Shortest new password (characters)', [12, 64])}
          {number('idleMinutes', 'A session ends unused after (minutes)', [5, 10_080])}
          {number('maxSessions', 'Sessions of a user at once', [1, 100])}
        </SimpleGrid>
        <MultiSelect
          label="Roles that must set up a second factor"
          placeholder={values.secondFactorRoles.length === 0 ? 'None' : ''}
          data={roleChoices}
          value={values.secondFactorRoles}
          onChange={(chosen) => set({ secondFactorRoles: chosen as Role[] })}
        />
        <Switch
          label="A code by mail counts as a second factor"
          checked={values.emailCodeAllowed}
          onChange={(event) => set({ emailCodeAllowed: event.currentTarget.checked })}
        />
        <Switch
          label="Whoever has an address that gets mail may make an account"
          checked={values.selfRegistration}
          onChange={(event) => set({ selfRegistration: event.currentTarget.checked })}
        />
        {values.selfRegistration && (
          <Select
            label="Role of such an account"
            w={220}
            data={roleChoices.filter((choice) => choice.value !== 'admin')}
            value={values.registrationRole}
            allowDeselect={false}
            onChange={(value) => set({ registrationRole: (value ?? 'viewer') as SignInRules['registrationRole'] })}
          />
        )}
        {save.error && <ErrorNotice error={save.error} />}
        <Group gap="xs">
          <Button type="submit" loading={save.isPending}>
            Save the rules
          </Button>
          <ConfirmButton
            ask={{ title: "End everybody's sessions?", text: 'Everybody but you has to sign in again. API tokens go on.', confirm: 'End them', isDanger: true }}
            mutation={end}
          >
            End everybody's sessions
          </ConfirmButton>
        </Group>
      </Stack>
    </form>
  );
}
