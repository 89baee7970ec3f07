import { Group, Select, Tabs, TextInput } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { FlowSelect } from '../../../shared/FlowSelect.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { useSearchText } from '../../../shared/use-search-text.ts';
import { ArtifactList } from '../ArtifactList.tsx';
import { DeliveryList } from '../DeliveryList.tsx';

const route = getRouteApi('/app/artifacts');

export function ArtifactsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const set = (part: typeof search) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  const hash = useSearchText(search.sha256, (text) =>
    set({ sha256: text !== undefined && /^[0-9a-f]{64}$/.test(text.trim().toLowerCase()) ? text.trim().toLowerCase() : undefined }),
  );
  const isPartial = hash.text !== '' && !/^[0-9a-fA-F]{64}$/.test(hash.text.trim());
  return (
    <>
      <PageHeader title="Artifacts & deliveries" />
      <Tabs
        value={search.tab ?? 'artifacts'}
        onChange={(tab) => void navigate({ search: tab === 'deliveries' ? { tab } : {}, replace: true })}
        keepMounted={false}
      >
        <Tabs.List mb="sm">
          <Tabs.Tab value="artifacts">Artifacts</Tabs.Tab>
          <Tabs.Tab value="deliveries">Deliveries</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="artifacts">
          <Group gap="xs" mb="sm" align="flex-start">
            <FlowSelect value={search.flow} onChange={(flow) => set({ flow })} />
            <TextInput
              size="xs"
              flex="1 1 240px"
              maw={520}
              placeholder="Find by SHA-256"
              aria-label="Find by SHA-256"
              value={hash.text}
              error={isPartial ? 'A SHA-256 has 64 hex digits' : undefined}
              onChange={(event) => hash.change(event.currentTarget.value)}
              className="tw-mono"
            />
          </Group>
          <ArtifactList filter={{ flow: search.flow, sha256: search.sha256 }} />
        </Tabs.Panel>
        <Tabs.Panel value="deliveries">
          <Select
            size="xs"
            w={160}
            mb="sm"
            aria-label="State"
            placeholder="Any state"
            clearable
            data={[
              { value: 'delivered', label: 'Delivered' },
              { value: 'failed', label: 'Failed' },
            ]}
            value={search.state ?? null}
            onChange={(state) => set({ state: (state ?? undefined) as typeof search.state })}
          />
          <DeliveryList state={search.state} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
