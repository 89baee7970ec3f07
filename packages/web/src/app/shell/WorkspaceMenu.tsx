import { Menu, UnstyledButton } from '@mantine/core';
import { IconCheck, IconChevronDown } from '@tabler/icons-react';
import type { Me } from '@tidewheel/contract/routes/identity';
import { addressIn } from '../../shared/workspace-address.ts';
import classes from './WorkspaceMenu.module.css';

/** Where this tab works, and the way to the others: plain links, so that another one can be opened beside. */
export function WorkspaceMenu({ me }: { me: Me }) {
  return (
    <Menu position="bottom-start" width={260}>
      <Menu.Target>
        <UnstyledButton className={classes['button']} aria-label={`Workspace ${me.workspace.title}; switch`}>
          <span className={classes['title']}>{me.workspace.title}</span>
          <IconChevronDown size={14} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown className={classes['list']}>
        <Menu.Label>Workspaces</Menu.Label>
        {me.workspaces.map(({ slug, title }) => {
          const isHere = slug === me.workspace.slug;
          return (
            <Menu.Item
              key={slug}
              component="a"
              href={addressIn(slug, '/')}
              aria-current={isHere ? 'true' : undefined}
              leftSection={isHere ? <IconCheck size={16} aria-hidden /> : <span className={classes['gap']} />}
            >
              {title}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
