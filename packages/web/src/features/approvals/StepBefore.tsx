import { Group, Text, Title } from '@mantine/core';
import { IconTable } from '@tabler/icons-react';
import { downloadArtifact } from '@tidewheel/client/routes';
import type { ApprovedStep } from '@tidewheel/contract/routes/approvals';
import { api } from '../../shared/api.ts';
import { CopyText } from '../../shared/CopyText.tsx';
import { DownloadButton } from '../../shared/DownloadButton.tsx';
import { formatBytes, formatCount } from '../../shared/format.ts';
import { LinkButton } from '../../shared/LinkButton.tsx';
import { ScrollBox } from '../../shared/ScrollBox.tsx';
import { StatusBadge } from '../../shared/StatusBadge.tsx';

/** What one step left: rows to look at, files to download, its value. */
export function StepBefore({ run, step }: { run: string; step: ApprovedStep }) {
  const { table, files, value } = step;
  return (
    <div style={{ borderTop: '1px solid var(--tw-line)', padding: '10px 0' }}>
      <Group justify="space-between" gap="xs">
        <Title order={3}>{step.step}</Title>
        <StatusBadge state={step.state} bare />
      </Group>
      {table && (
        <Group gap="xs" mt={6}>
          <Text size="sm">{formatCount(table.rows)} rows</Text>
          <CopyText value={table.sha256} label={`SHA-256 of the table of ${step.step}`} short={12} />
          <LinkButton
            to="/runs/$id"
            params={{ id: run }}
            search={{ step: step.step, tab: 'rows' }}
            size="xs"
            variant="default"
            leftSection={<IconTable size={14} aria-hidden />}
          >
            Look at the rows
          </LinkButton>
        </Group>
      )}
      {files.map((file) => (
        <Group key={file.sha256} gap="xs" mt={6}>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {file.name} ({formatBytes(file.size)})
          </Text>
          <CopyText value={file.sha256} label={`SHA-256 of ${file.name}`} short={12} />
          {file.artifact && <DownloadButton href={api.addressOf(downloadArtifact, { params: { id: file.artifact } })} fileName={file.name} />}
        </Group>
      ))}
      {value !== null && value !== undefined && (
        <ScrollBox label={`Value of ${step.step}`} style={{ maxHeight: 240, marginTop: 6 }}>
          <pre className="tw-mono" style={{ margin: 0, fontSize: 12 }}>
            {JSON.stringify(value, null, 2)}
          </pre>
        </ScrollBox>
      )}
    </div>
  );
}
