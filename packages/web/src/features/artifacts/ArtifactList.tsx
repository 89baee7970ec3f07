import { Text } from '@mantine/core';
import { IconFileDownload } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { downloadArtifact } from '@tidewheel/client/routes';
import type { Artifact } from '@tidewheel/contract/routes/runs';
import { api } from '../../shared/api.ts';
import { CopyText } from '../../shared/CopyText.tsx';
import type { TableColumn } from '../../shared/DataTable.tsx';
import { DownloadButton } from '../../shared/DownloadButton.tsx';
import { EmptyState } from '../../shared/EmptyState.tsx';
import { formatBytes } from '../../shared/format.ts';
import { PagedList } from '../../shared/PagedList.tsx';
import { Time } from '../../shared/Time.tsx';
import { type ArtifactsFilter, artifactsQuery } from './artifacts.queries.ts';

const columns: TableColumn<Artifact>[] = [
  {
    key: 'name',
    title: 'Artifact',
    isHead: true,
    render: (artifact) => (
      <>
        <Text size="sm" fw={600}>
          {artifact.name}
        </Text>
        <Text size="xs" c="dimmed">
          {artifact.mediaType}
        </Text>
      </>
    ),
  },
  {
    key: 'run',
    title: 'Run',
    render: (artifact) => (
      <Link to="/runs/$id" params={{ id: artifact.run }}>
        {artifact.flow}
      </Link>
    ),
  },
  { key: 'step', title: 'Step', render: (artifact) => artifact.step },
  { key: 'size', title: 'Size', align: 'right', render: (artifact) => formatBytes(artifact.size) },
  { key: 'sha', title: 'SHA-256', isWide: true, render: (artifact) => <CopyText value={artifact.sha256} label={`SHA-256 of ${artifact.name}`} short={12} /> },
  { key: 'md5', title: 'MD5', isWide: true, render: (artifact) => <CopyText value={artifact.md5} label={`MD5 of ${artifact.name}`} short={8} /> },
  { key: 'at', title: 'Made', render: (artifact) => <Time at={artifact.createdAt} relative /> },
  {
    key: 'download',
    title: '',
    align: 'right',
    render: (artifact) => <DownloadButton href={api.addressOf(downloadArtifact, { params: { id: artifact.id } })} fileName={artifact.name} />,
  },
];

export function ArtifactList({ filter }: { filter: ArtifactsFilter }) {
  const query = useInfiniteQuery(artifactsQuery(filter));
  const isFiltered = filter.flow !== undefined || filter.sha256 !== undefined;
  const empty = (
    <EmptyState icon={IconFileDownload} title={isFiltered ? 'No artifact matches these filters' : 'No artifacts yet'}>
      Every file that a run makes is kept here under its SHA-256.
    </EmptyState>
  );
  return <PagedList label="Artifacts" query={query} columns={columns} rowKey={(artifact) => artifact.id} empty={empty} one="artifact" many="artifacts" />;
}
