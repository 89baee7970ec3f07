import { Menu } from '@mantine/core';
import { IconArchive, IconArrowBackUp, IconDownload, IconPencil, IconUpload } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { archiveCalendar, restoreCalendar } from '@tidewheel/client/routes';
import type { Calendar } from '@tidewheel/contract/routes/calendars';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { LinkButton } from '../../shared/LinkButton.tsx';
import { MoreButton } from '../../shared/MoreButton.tsx';
import { announce } from '../../shared/notify.ts';
import { useCan } from '../../shared/session.ts';
import { addressOf } from '../../shared/workspace-address.ts';

export function CalendarActions({ calendar, year }: { calendar: Calendar; year: number }) {
  const queries = useQueryClient();
  const canEdit = useCan('calendar.edit') && !calendar.builtIn;
  const { slug } = calendar;
  const done = (text: string) => async () => {
    await queries.invalidateQueries({ queryKey: ['calendars'] });
    announce(text);
  };
  const archive = useMutation({ mutationFn: () => api.call(archiveCalendar, { params: { slug } }), onSuccess: done('The calendar is archived.') });
  const restore = useMutation({ mutationFn: () => api.call(restoreCalendar, { params: { slug } }), onSuccess: done('The calendar is back.') });
  const exportAs = (format: 'csv' | 'ics') => addressOf(`/api/calendars/${slug}/export?format=${format}&from=${year}&to=${year + 1}`);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <MoreButton label={`Export ${calendar.title}`} />
        </Menu.Target>
        <Menu.Dropdown>
          {(['csv', 'ics'] as const).map((format) => (
            <Menu.Item key={format} component="a" href={exportAs(format)} download={`${slug}.${format}`} leftSection={<IconDownload size={16} aria-hidden />}>
              {year} and {year + 1} as {format.toUpperCase()}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {canEdit && calendar.archivedAt === null && (
        <>
          <ConfirmButton
            ask={{ title: 'Archive this calendar?', text: 'Flows can no longer name it; runs that saw it keep it. It can be restored.', confirm: 'Archive' }}
            mutation={archive}
            leftSection={<IconArchive size={16} aria-hidden />}
          >
            Archive
          </ConfirmButton>
          <LinkButton to="/calendars/$slug/edit" params={{ slug }} search={{ import: true }} variant="default" leftSection={<IconUpload size={16} aria-hidden />}>
            Import
          </LinkButton>
          <LinkButton to="/calendars/$slug/edit" params={{ slug }} search={{}} leftSection={<IconPencil size={16} aria-hidden />}>
            Edit
          </LinkButton>
        </>
      )}
      {canEdit && calendar.archivedAt !== null && (
        <ConfirmButton
          ask={{ title: 'Bring this calendar back?', text: 'It comes back with all its versions.', confirm: 'Restore' }}
          mutation={restore}
          leftSection={<IconArrowBackUp size={16} aria-hidden />}
        >
          Restore
        </ConfirmButton>
      )}
    </>
  );
}
