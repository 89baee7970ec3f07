import { Tabs } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';

/** Hosts, and the groups of them. */
export function TargetTabs({ value }: { value: 'hosts' | 'groups' }) {
  const navigate = useNavigate();
  return (
    <Tabs value={value} onChange={(tab) => void navigate(tab === 'groups' ? { to: '/target-groups', search: {} } : { to: '/targets', search: {} })} mb="sm">
      <Tabs.List>
        <Tabs.Tab value="hosts">Hosts</Tabs.Tab>
        <Tabs.Tab value="groups">Groups</Tabs.Tab>
      </Tabs.List>
    </Tabs>
  );
}
