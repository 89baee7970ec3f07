import { useMutation, useQueryClient } from '@tanstack/react-query';
import { uploadFile } from '@tidewheel/client/routes';
import { api } from '../../shared/api.ts';
import { announce } from '../../shared/notify.ts';
import { slugOf } from '../../shared/slug.ts';

/** Sends files one after the other, as they are. */
export function useUploads() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (files: File[]) => {
      for (const file of files) {
        await api.call(uploadFile, {
          params: { slug: slugOf(file.name) || 'file' },
          query: { name: file.name, mediaType: file.type || 'application/octet-stream' },
          body: file,
        });
        announce(`${file.name} is uploaded.`);
      }
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['files'] }),
  });
}
