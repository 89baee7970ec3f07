import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { IconClipboardText } from '@tabler/icons-react';
import { useState } from 'react';
import { DropArea } from '../../shared/DropArea.tsx';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { formatBytes } from '../../shared/format.ts';
import { StatusBadge } from '../../shared/StatusBadge.tsx';
import { PasteDialog } from './PasteDialog.tsx';
import { uploadState } from './upload-words.ts';
import { type Sending, useColorUploads } from './use-color-uploads.ts';

/** Drop files here, choose them, or paste: what comes is read into the buffer at once. */
export function UploadZone({ onShow }: { onShow: (upload: string) => void }) {
  const uploads = useColorUploads();
  const [isPasting, setPasting] = useState(false);
  return (
    <>
      <DropArea
        label="Bring colors"
        text="Drop workbooks, CSV files or runs here."
        accept=".xlsx,.xlsm,.csv,.tsv,.txt"
        onFiles={(files) => uploads.add(files, undefined)}
      >
        <Button size="xs" variant="default" leftSection={<IconClipboardText size={14} aria-hidden />} onClick={() => setPasting(true)}>
          Paste
        </Button>
      </DropArea>
      {uploads.sendings.length > 0 && (
        <Stack gap="xs" mb="md" role="status">
          {uploads.sendings.map((one) => (
            <SendingRow key={`${one.file.name} ${one.file.lastModified} ${one.upload?.id}`} one={one} {...uploads} onShow={onShow} />
          ))}
        </Stack>
      )}
      {isPasting && <PasteDialog onClose={() => setPasting(false)} onShow={onShow} />}
    </>
  );
}

function SendingRow({
  one,
  retry,
  forget,
  onShow,
}: {
  one: Sending;
  retry: (one: Sending) => void;
  forget: (one: Sending) => void;
  onShow: (upload: string) => void;
}) {
  const { file, upload, error } = one;
  const share = upload === null || upload.size === 0 ? 0 : (100 * upload.received) / upload.size;
  if (error)
    return (
      <div>
        <Text size="sm" fw={600}>
          {file.name}
        </Text>
        <ErrorNotice error={error} onRetry={() => retry(one)} />
      </div>
    );
  if (upload === null || upload.state === 'receiving')
    return (
      <div>
        <Text size="sm">
          {file.name}, {formatBytes(upload?.received ?? 0)} of {formatBytes(file.size)}
        </Text>
        <Progress value={share} aria-label={`Sending ${file.name}`} />
      </div>
    );
  return (
    <Alert variant="light" color={upload.state === 'failed' ? 'red' : 'tide'} withCloseButton closeButtonLabel="Dismiss" onClose={() => forget(one)}>
      <Group gap="sm">
        <StatusBadge {...uploadState(upload)} bare />
        <Text size="sm">
          {upload.title}: {sentence(upload)}
        </Text>
        <Button size="compact-xs" variant="default" onClick={() => onShow(upload.id)}>
          Look at it
        </Button>
      </Group>
    </Alert>
  );
}

function sentence({ state, rows, doubtful, duplicates, refused, error }: NonNullable<Sending['upload']>): string {
  if (state === 'held') return 'the same content came before; it waits until you say whether it is read again.';
  if (state === 'failed') return error?.message ?? 'it could not be read.';
  return `${rows} colors, ${doubtful} doubtful, ${duplicates} duplicates; ${refused} refused.`;
}
