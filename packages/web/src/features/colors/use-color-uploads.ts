import { useMutation, useQueryClient } from '@tanstack/react-query';
import { beginColorUpload, sendColorUpload, showColorUpload } from '@tidewheel/client/routes';
import type { ColorUpload } from '@tidewheel/contract/routes/color-uploads';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { bufferKey, today } from './buffer.queries.ts';

const chunkBytes = 4 * 1024 ** 2;

/** A file on its way. After a break it is sent again from where the server has it. */
export interface Sending {
  file: File;
  upload: ColorUpload | null;
  error: Error | null;
}

/** Files one after another, in chunks, with how far each is. */
export function useColorUploads() {
  const queries = useQueryClient();
  const [sendings, setSendings] = useState<Sending[]>([]);
  const change = (file: File, to: Partial<Sending>) => setSendings((old) => old.map((one) => (one.file === file ? { ...one, ...to } : one)));
  const work = useMutation({
    mutationFn: async ({ all, source }: { all: Sending[]; source: string | undefined }) => {
      for (const { file, upload } of all) {
        try {
          await send({ file, upload, source, onProgress: (now) => change(file, { upload: now, error: null }) });
        } catch (thrown) {
          change(file, { error: thrown as Error });
        }
        await queries.invalidateQueries({ queryKey: bufferKey });
      }
    },
  });
  const add = (files: File[], source: string | undefined) => {
    const all = files.map((file): Sending => ({ file, upload: null, error: null }));
    setSendings((old) => [...old.filter(({ error, upload }) => error !== null || upload?.state === 'receiving'), ...all]);
    work.mutate({ all, source });
  };
  const retry = (one: Sending) => {
    change(one.file, { error: null });
    work.mutate({ all: [one], source: undefined });
  };
  const forget = (one: Sending) => setSendings((old) => old.filter(({ file }) => file !== one.file));
  return { sendings, add, retry, forget, isBusy: work.isPending };
}

async function send({
  file,
  upload,
  source,
  onProgress,
}: {
  file: File;
  upload: ColorUpload | null;
  source: string | undefined;
  onProgress: (upload: ColorUpload) => void;
}): Promise<void> {
  const now = upload
    ? await api.call(showColorUpload, { params: { id: upload.id } })
    : await api.call(beginColorUpload, { body: { name: file.name, size: file.size, source, date: today() } });
  onProgress(now);
  await sendRest({ file, upload: now, onProgress });
}

/** From where the server has it to the end. @throws Conflict when it is not where it was */
export async function sendRest({ file, upload, onProgress }: { file: File; upload: ColorUpload; onProgress: (upload: ColorUpload) => void }): Promise<void> {
  let now = upload;
  while (now.state === 'receiving') {
    const offset = now.received;
    now = await api.call(sendColorUpload, { params: { id: now.id }, query: { offset }, body: file.slice(offset, offset + chunkBytes) });
    onProgress(now);
  }
}
