import { Group } from '@mantine/core';
import { IconFiles } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { NameSearch } from '../../../shared/NameSearch.tsx';
import { PagedList } from '../../../shared/PagedList.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { useCan } from '../../../shared/session.ts';
import { useSearchText } from '../../../shared/use-search-text.ts';
import { useFileColumns } from '../file-columns.tsx';
import { filesQuery } from '../files.queries.ts';
import { UploadArea } from '../UploadArea.tsx';

const route = getRouteApi('/app/files');

export function FilesPage() {
  const { q } = route.useSearch();
  const navigate = route.useNavigate();
  const canEdit = useCan('file.edit');
  const query = useInfiniteQuery(filesQuery(q));
  const columns = useFileColumns();
  const search = useSearchText(q, (text) => void navigate({ search: text === undefined ? {} : { q: text }, replace: true }));
  const empty =
    q === undefined ? (
      <EmptyState icon={IconFiles} title="No files yet">
        {canEdit
          ? 'Upload XML schemas of an authority, templates or reference lists with the area above; steps name them.'
          : 'Files that were uploaded for steps to use are listed here.'}
      </EmptyState>
    ) : (
      <EmptyState icon={IconFiles} title="No file has that in its name" />
    );
  return (
    <>
      <PageHeader title="Files" />
      {canEdit && <UploadArea />}
      <Group mb="sm">
        <NameSearch search={search} />
      </Group>
      <PagedList label="Files" query={query} columns={columns} rowKey={(file) => file.id} empty={empty} one="file" many="files" />
    </>
  );
}
