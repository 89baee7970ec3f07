import { Button, Menu } from '@mantine/core';
import { IconCopy, IconLink, IconTerminal2, IconWorld } from '@tabler/icons-react';
import type { Run } from '@tidewheel/contract/run';
import { announce } from '../../shared/notify.ts';
import { commandOf, curlOf } from './copy-run.ts';

/** This run as something to paste elsewhere. */
export function CopyRunMenu({ run }: { run: Run }) {
  const copy = (text: string, what: string) => void navigator.clipboard.writeText(text).then(() => announce(`${what} is on the clipboard.`));
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconCopy size={16} aria-hidden />}>
          Copy as
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconTerminal2 size={16} aria-hidden />} onClick={() => copy(commandOf(run), 'The command')}>
          Command line
        </Menu.Item>
        <Menu.Item leftSection={<IconWorld size={16} aria-hidden />} onClick={() => copy(curlOf(run, window.location.origin), 'The curl call')}>
          curl
        </Menu.Item>
        <Menu.Item leftSection={<IconLink size={16} aria-hidden />} onClick={() => copy(window.location.href, 'The link')}>
          Link to this view
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
