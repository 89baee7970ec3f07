import { Tabs } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';

const places = { hosts: '/targets', groups: '/target-groups', relations: '/target-relations' } as const;

/** Hosts, the groups of them, and what leads from one to another. */
export function TargetTabs({ value }: { value: keyof typeof places }) {
  const navigate = useNavigate();
  return (
    <Tabs value={value} onChange={(tab) => void navigate({ to: places[(tab ?? 'hosts') as keyof typeof places], search: {} })} mb="sm">
      <Tabs.List>
        <Tabs.Tab value="hosts">Hosts</Tabs.Tab>
        <Tabs.Tab value="groups">Groups</Tabs.Tab>
        <Tabs.Tab value="relations">Relations</Tabs.Tab>
      </Tabs.List>
    </Tabs>
  );
}
