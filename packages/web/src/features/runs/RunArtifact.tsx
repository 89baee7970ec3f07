import { Text } from '@mantine/core';
import { downloadArtifact } from '@tidewheel/client/routes';
import type { Artifact } from '@tidewheel/contract/routes/runs';
import { api } from '../../shared/api.ts';
import { CopyText } from '../../shared/CopyText.tsx';
import { DownloadButton } from '../../shared/DownloadButton.tsx';
import { formatBytes } from '../../shared/format.ts';
import { validationText } from './artifact-validation.ts';
import classes from './Outcome.module.css';

export function RunArtifact({ artifact }: { artifact: Artifact }) {
  const validation = validationText(artifact.metadata);
  return (
    <article className={classes['entry']} aria-label={artifact.name}>
      <div className={classes['head']}>
        <div>
          <div className={classes['name']}>{artifact.name}</div>
          <Text size="xs" c="dimmed">
            {formatBytes(artifact.size)} · from {artifact.step}
          </Text>
          {validation && <Text size="xs">{validation}</Text>}
        </div>
        <DownloadButton href={api.addressOf(downloadArtifact, { params: { id: artifact.id } })} fileName={artifact.name} />
      </div>
      <div className={classes['hash']}>
        <span>SHA-256</span>
        <CopyText value={artifact.sha256} label={`SHA-256 of ${artifact.name}`} short={24} />
      </div>
      <div className={classes['hash']}>
        <span>MD5</span>
        <CopyText value={artifact.md5} label={`MD5 of ${artifact.name}`} />
      </div>
    </article>
  );
}
