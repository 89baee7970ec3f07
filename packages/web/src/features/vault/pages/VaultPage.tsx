import { Progress, Text, Title } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { rewrapVault, showVault } from '@tidewheel/client/routes';
import type { VaultState } from '@tidewheel/contract/routes/credentials';
import type { ReactNode } from 'react';
import { api } from '../../../shared/api.ts';
import { ConfirmButton } from '../../../shared/ConfirmButton.tsx';
import { Loaded } from '../../../shared/Loaded.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { PairList } from '../../../shared/PairList.tsx';
import { StatusBadge } from '../../../shared/StatusBadge.tsx';
import { Time } from '../../../shared/Time.tsx';

const pollMs = 1_000;
const vaultQuery = queryOptions({
  queryKey: ['vault'],
  queryFn: () => api.call(showVault),
  refetchInterval: (query) => (query.state.data?.rewrap?.state === 'running' ? pollMs : false),
});

/** The keys of the vault by their ids, and the re-wrap of all of them. */
export function VaultPage() {
  const query = useQuery(vaultQuery);
  const queries = useQueryClient();
  const rewrap = useMutation({ mutationFn: () => api.call(rewrapVault), onSuccess: (state) => queries.setQueryData(vaultQuery.queryKey, state) });
  const ask = {
    title: 'Wrap every key anew?',
    text: 'Each data key is wrapped under a fresh key while everything runs on. Afterwards only the present master key opens the vault: former ones are of no use any more, also not for processes that still have them.',
    confirm: 'Wrap anew',
  };
  return (
    <>
      <PageHeader
        title="Vault"
        facts={<span>Secrets lie under data keys of their own; these lie under a key that the master key opens.</span>}
        actions={
          query.data?.rewrap?.state !== 'running' && (
            <ConfirmButton ask={ask} mutation={rewrap} leftSection={<IconRefresh size={16} aria-hidden />}>
              Wrap anew
            </ConfirmButton>
          )
        }
      />
      <Loaded query={query}>{(state) => <VaultKeys state={state} />}</Loaded>
    </>
  );
}

function VaultKeys({ state }: { state: VaultState }) {
  const mono = (text: string) => <span className="tw-mono">{text}</span>;
  return (
    <>
      <section className="tw-card" style={{ padding: 16, maxWidth: 760, marginBottom: 16, overflowWrap: 'anywhere' }} aria-label="Keys">
        <Title order={2} mb={4}>
          Keys
        </Title>
        <PairList
          pairs={[
            ['Master key of this process', mono(state.masterKey)],
            ['Master keys that open the vault', mono(state.sealedBy.join(', '))],
            ['New data keys lie under', mono(state.key)],
            ...state.dataKeys.map((each): [string, ReactNode] => [`${each.count} data ${each.count === 1 ? 'key' : 'keys'} under`, mono(each.key)]),
          ]}
        />
        {state.sealedBy.length > 1 && (
          <Text size="sm" mt="sm" c="var(--tw-wait)">
            The master key is being changed: restart every process with the new one, then wrap anew to retire the former.
          </Text>
        )}
      </section>
      {state.rewrap && <Rewrap rewrap={state.rewrap} />}
    </>
  );
}

function Rewrap({ rewrap }: { rewrap: NonNullable<VaultState['rewrap']> }) {
  const share = rewrap.total === 0 ? 100 : Math.min(100, (100 * rewrap.done) / rewrap.total);
  return (
    <section className="tw-card" style={{ padding: 16, maxWidth: 760 }} aria-label="Last re-wrap">
      <Title order={2} mb={4}>
        Last re-wrap
      </Title>
      <StatusBadge state={rewrap.state} bare />
      {rewrap.state === 'running' && <Progress value={share} my="xs" aria-label="Wrapped anew" />}
      <Text size="sm">
        {rewrap.done} of {rewrap.total} data keys, started <Time at={rewrap.startedAt} relative /> by {rewrap.startedBy}
        {rewrap.failed > 0 && `; ${rewrap.failed} cannot be opened`}
      </Text>
      {rewrap.note && (
        <Text size="sm" c="var(--tw-fail)" mt={4}>
          {rewrap.note}
        </Text>
      )}
    </section>
  );
}
