import { Tabs } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useCan } from '../../shared/session.ts';

const places = [
  { to: '/admin/roles', label: 'Roles', needs: 'role.read' },
  { to: '/admin/grants', label: 'Grants and delegations', needs: 'grant.edit' },
  { to: '/admin/separation', label: 'Separation of duties', needs: 'role.read' },
  { to: '/admin/access', label: 'Access check', needs: 'role.read' },
] as const;
type Place = (typeof places)[number]['to'];

/** The pages about who may do what, beside one another. */
export function AccessTabs({ here }: { here: Place }) {
  const navigate = useNavigate();
  const held = { 'role.read': useCan('role.read'), 'grant.edit': useCan('grant.edit') };
  return (
    <Tabs value={here} mb="md" onChange={(to) => to !== null && void navigate({ to: to as Place })}>
      <Tabs.List>
        {places
          .filter(({ needs }) => held[needs])
          .map(({ to, label }) => (
            <Tabs.Tab key={to} value={to}>
              {label}
            </Tabs.Tab>
          ))}
      </Tabs.List>
      {places.map(({ to }) => (
        <Tabs.Panel key={to} value={to}>
          {null}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
