import { AppShell, Burger, Group, Kbd, Space, UnstyledButton } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import { Mark } from '../../shared/Mark.tsx';
import { meQuery } from '../../shared/session.ts';
import classes from './AppFrame.module.css';
import { ConnectionMark } from './ConnectionMark.tsx';
import { Navigation } from './Navigation.tsx';

// With their menus they weigh more than the rest of the frame: the page comes first.
const UserMenu = lazy(async () => ({ default: (await import('./UserMenu.tsx')).UserMenu }));
const Bell = lazy(async () => ({ default: (await import('./Bell.tsx')).Bell }));
const WorkspaceMenu = lazy(async () => ({ default: (await import('./WorkspaceMenu.tsx')).WorkspaceMenu }));
const QuickSwitcher = lazy(async () => ({ default: (await import('./QuickSwitcher.tsx')).QuickSwitcher }));

/** The frame around every page: header, navigation, content. */
export function AppFrame() {
  const [menuOpened, menu] = useDisclosure(false);
  const [searchOpened, search] = useDisclosure(false);
  useHotkeys([['mod+K', search.open]], [], true);
  // Asked now and then, so that who leaves the page open is shown the sign-in page when the session has ended.
  const me = useQuery({ ...meQuery, refetchInterval: 60_000 }).data;
  const path = useRouterState({ select: (state) => state.location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu of a phone closes when the page changes
  useEffect(() => menu.close(), [path]);

  return (
    <AppShell header={{ height: 52 }} navbar={{ width: 228, breakpoint: 'sm', collapsed: { mobile: !menuOpened } }} padding={0}>
      <AppShell.Header className={classes['header']}>
        <a href="#content" className="tw-skip">
          Skip to content
        </a>
        <Group gap="xs" wrap="nowrap">
          <Burger
            opened={menuOpened}
            onClick={menu.toggle}
            hiddenFrom="sm"
            size="sm"
            aria-label={menuOpened ? 'Close the menu' : 'Open the menu'}
            aria-expanded={menuOpened}
          />
          <Link to="/" className={classes['brand']} aria-label="Tidewheel, home">
            <Mark />
            <span>Tidewheel</span>
          </Link>
          {me && me.workspaces.length > 1 && (
            <Suspense fallback={null}>
              <WorkspaceMenu me={me} />
            </Suspense>
          )}
        </Group>
        <UnstyledButton className={classes['search']} onClick={search.open}>
          <IconSearch size={16} aria-hidden />
          <span className={classes['searchText']}>Search flows, runs, hosts and more</span>
          <Kbd className={classes['searchKey']} size="xs">
            Ctrl K
          </Kbd>
        </UnstyledButton>
        <Group gap="md" wrap="nowrap">
          <ConnectionMark />
          <Suspense fallback={<Space w={34} />}>
            <Bell />
          </Suspense>
          <Suspense fallback={<Space w={72} />}>
            <UserMenu />
          </Suspense>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes['navbar']} data-closed={menuOpened ? undefined : true}>
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main>
        <div id="content" className={classes['content']} tabIndex={-1}>
          <Outlet />
        </div>
      </AppShell.Main>
      {searchOpened && (
        <Suspense fallback={null}>
          <QuickSwitcher onClose={search.close} />
        </Suspense>
      )}
    </AppShell>
  );
}
