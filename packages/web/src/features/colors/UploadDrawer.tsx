import { Button, FileButton, Group, Select, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { downloadColorUpload, readColorUpload, withdrawColorUpload } from '@tidewheel/client/routes';
import { Conflict } from '@tidewheel/contract/errors';
import type { ColorUpload } from '@tidewheel/contract/routes/color-uploads';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { ConfirmButton } from '../../shared/ConfirmButton.tsx';
import { DownloadButton } from '../../shared/DownloadButton.tsx';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { formatBytes } from '../../shared/format.ts';
import { Loaded } from '../../shared/Loaded.tsx';
import { SideDrawer } from '../../shared/SideDrawer.tsx';
import { StatusBadge } from '../../shared/StatusBadge.tsx';
import { useCan } from '../../shared/session.ts';
import { bufferKey, sourcesQuery, uploadPreviewQuery, uploadQuery } from './buffer.queries.ts';
import { PreviewTable } from './PreviewTable.tsx';
import { uploadState } from './upload-words.ts';
import { sendRest } from './use-color-uploads.ts';

/** One upload: what came of it, what was refused, and what can be done with it. */
export function UploadDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const query = useQuery(uploadQuery(id));
  return (
    <SideDrawer title={query.data?.title ?? 'Upload'} onClose={onClose}>
      <Loaded query={query}>{(upload) => <UploadFacts upload={upload} />}</Loaded>
    </SideDrawer>
  );
}

function UploadFacts({ upload }: { upload: ColorUpload }) {
  const { rows, doubtful, duplicates, refused, refusals, notes, error, waiting } = upload;
  const canEdit = useCan('color.edit');
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <StatusBadge {...uploadState(upload)} />
        <Text size="sm">
          {formatBytes(upload.size)}, by {upload.createdBy}
        </Text>
        {upload.sha256 !== null && upload.kind !== 'step' && (
          <DownloadButton href={api.addressOf(downloadColorUpload, { params: { id: upload.id } })} fileName={upload.title} />
        )}
      </Group>
      {upload.state === 'receiving' && (
        <Text size="sm">{formatBytes(upload.received)} are here. Choose the same file again on the page to go on, or withdraw it.</Text>
      )}
      {upload.state === 'held' && upload.sameAs !== null && <Text size="sm">The same content came before. Read it all the same, or withdraw it.</Text>}
      {error && (
        <Text size="sm" c="red">
          {error.message} {error.hint}
        </Text>
      )}
      {upload.state === 'ready' && (
        <Text size="sm">
          {rows} colors, {doubtful} doubtful, {duplicates} duplicates; {refused} rows refused. {waiting} of them are in the buffer.
          {upload.source !== null && ` Read by the columns of ${upload.source}${upload.columnsVersion === null ? '' : `, version ${upload.columnsVersion}`}.`}
        </Text>
      )}
      {notes.map((note) => (
        <Text key={note} size="sm" c="dimmed">
          {note}
        </Text>
      ))}
      {refusals.map(({ line, why, text }) => (
        <Text key={`${line} ${text}`} size="xs" style={{ overflowWrap: 'anywhere' }}>
          Line {line}: {why} <code>{text}</code>
        </Text>
      ))}
      {canEdit && upload.state !== 'withdrawn' && <UploadActions upload={upload} />}
    </Stack>
  );
}

function UploadActions({ upload }: { upload: ColorUpload }) {
  const queries = useQueryClient();
  const [source, setSource] = useState<string | null>(upload.source);
  const sources = useQuery(sourcesQuery());
  const refresh = () => queries.invalidateQueries({ queryKey: bufferKey });
  const params = { id: upload.id };
  const read = useMutation({ mutationFn: () => api.call(readColorUpload, { params, body: { source: source ?? undefined } }), onSuccess: refresh });
  const withdraw = useMutation({ mutationFn: () => api.call(withdrawColorUpload, { params }), onSuccess: refresh });
  const isWhole = upload.state !== 'receiving' && upload.kind !== 'step';
  const preview = useQuery({ ...uploadPreviewQuery({ id: upload.id, source: source ?? undefined }), enabled: isWhole && upload.state !== 'ready' });
  const ask = { title: `Withdraw ${upload.title}?`, text: 'Its colors leave the buffer. The file itself is kept.', confirm: 'Withdraw', isDanger: true };
  return (
    <Stack gap="sm">
      {isWhole && (
        <Select
          label="Source"
          description="By whose columns it is read; those that fit unless told"
          clearable
          data={(sources.data ?? []).map(({ slug, title }) => ({ value: slug, label: title }))}
          value={source}
          onChange={setSource}
        />
      )}
      {preview.data && <PreviewTable preview={preview.data} />}
      {(read.error ?? preview.error) && <ErrorNotice error={(read.error ?? preview.error) as Error} />}
      <Group gap="xs">
        {upload.state === 'receiving' && <GoOn upload={upload} onDone={refresh} />}
        {isWhole && (
          <Button loading={read.isPending} onClick={() => read.mutate()}>
            {upload.state === 'ready' ? 'Read anew' : 'Read into the buffer'}
          </Button>
        )}
        <ConfirmButton ask={ask} mutation={withdraw}>
          Withdraw
        </ConfirmButton>
      </Group>
    </Stack>
  );
}

/** Sends what is missing of an upload that broke off. */
function GoOn({ upload, onDone }: { upload: ColorUpload; onDone: () => Promise<void> }) {
  const send = useMutation({
    mutationFn: async (file: File | null) => {
      if (file === null) return;
      if (file.size !== upload.size)
        throw new Conflict('upload.other_file', `${file.name} has ${formatBytes(file.size)}, but the upload began with ${formatBytes(upload.size)}.`, {
          hint: 'Choose the same file, or withdraw this upload and bring the other one.',
        });
      await sendRest({ file, upload, onProgress: () => undefined });
    },
    onSettled: onDone,
  });
  return (
    <>
      {send.error && <ErrorNotice error={send.error} />}
      <FileButton onChange={(file) => send.mutate(file)}>
        {(props) => (
          <Button {...props} loading={send.isPending}>
            Go on with the file
          </Button>
        )}
      </FileButton>
    </>
  );
}
