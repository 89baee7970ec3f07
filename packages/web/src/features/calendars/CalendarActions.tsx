import { Button, Menu } from '@mantine/core';
import { IconArchive, IconArrowBackUp, IconDots, IconDownload, IconPencil, IconUpload } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { archiveCalendar, exportCalendar, restoreCalendar } from '@tidewheel/client/routes';
import type { Calendar } from '@tidewheel/contract/routes/calendars';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { LinkButton } from '../../shared/LinkButton.tsx';
import { announce } from '../../shared/notify.ts';
import { useCan } from '../../shared/session.ts';

export function CalendarActions({ calendar, year }: { calendar: Calendar; year: number }) {
  const canEdit = useCan('calendar.edit') && !calendar.builtIn;
  const canChange = canEdit && calendar.archivedAt === null;
  const { slug } = calendar;
  return (
    <>
      <MoreMenu slug={slug} year={year} canImport={canChange} />
      {canEdit && calendar.archivedAt !== null && <RestoreButton slug={slug} />}
      {canChange && (
        <>
          <ArchiveButton slug={slug} />
          <LinkButton to="/calendars/$slug/edit" params={{ slug }} search={{}} leftSection={<IconPencil size={16} aria-hidden />}>
            Edit
          </LinkButton>
        </>
      )}
    </>
  );
}

function MoreMenu({ slug, year, canImport }: { slug: string; year: number; canImport: boolean }) {
  const navigate = useNavigate();
  const href = (format: 'csv' | 'ics') => api.addressOf(exportCalendar, { params: { slug }, query: { format, from: year, to: year + 1 } });
  const importDates = () => void navigate({ to: '/calendars/$slug/edit', params: { slug }, search: { import: true } });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDots size={16} aria-hidden />}>
          More
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {canImport && (
          <Menu.Item leftSection={<IconUpload size={16} aria-hidden />} onClick={importDates}>
            Import dates
          </Menu.Item>
        )}
        {(['csv', 'ics'] as const).map((format) => (
          <Menu.Item
            key={format}
            component="a"
            href={href(format)}
            download={`${slug}-${year}-${year + 1}.${format}`}
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            Export {year} and {year + 1} as {format.toUpperCase()}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function useChanged(text: string) {
  const queries = useQueryClient();
  return async () => {
    await queries.invalidateQueries({ queryKey: ['calendars'] });
    announce(text);
  };
}

function ArchiveButton({ slug }: { slug: string }) {
  const archive = useMutation({ mutationFn: () => api.call(archiveCalendar, { params: { slug } }), onSuccess: useChanged('The calendar is archived.') });
  const text = 'Flows can no longer name it; runs that saw it keep it. It can be restored with all its versions.';
  return (
    <ConfirmButton ask={{ title: 'Archive this calendar?', text, confirm: 'Archive' }} mutation={archive} leftSection={<IconArchive size={16} aria-hidden />}>
      Archive
    </ConfirmButton>
  );
}

function RestoreButton({ slug }: { slug: string }) {
  const restore = useMutation({ mutationFn: () => api.call(restoreCalendar, { params: { slug } }), onSuccess: useChanged('The calendar is back.') });
  const text = 'It comes back with all its versions.';
  return (
    <ConfirmButton
      ask={{ title: 'Bring this calendar back?', text, confirm: 'Restore' }}
      mutation={restore}
      leftSection={<IconArrowBackUp size={16} aria-hidden />}
    >
      Restore
    </ConfirmButton>
  );
}
