import { useMutation, useQueryClient } from '@tanstack/react-query';
import { uploadFile } from '@tidewheel/client/routes';
import { fileSlugOf, slugForm, slugRule } from '@tidewheel/contract/slug';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { announce } from '../../shared/notify.ts';

export interface ChosenFile {
  file: File;
  slug: string;
}

/** The files that were chosen, with the names they will have; sent one after the other, as they are. Those that arrived are chosen no more. */
export function useUploads() {
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<ChosenFile[]>([]);
  const upload = useMutation({
    mutationFn: async (all: ChosenFile[]) => {
      for (const next of all) {
        const { file, slug } = next;
        await api.call(uploadFile, { params: { slug }, query: { name: file.name, mediaType: file.type || 'application/octet-stream' }, body: file });
        announce(`${file.name} is uploaded as ${slug}.`);
        setChosen((old) => old.filter((other) => other.file !== file));
      }
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['files'] }),
  });
  const choose = (files: File[]) => {
    upload.reset();
    setChosen(files.map((file) => ({ file, slug: fileSlugOf(file.name) })));
  };
  const rename = (file: File, slug: string) => setChosen((old) => old.map((other) => (other.file === file ? { file, slug } : other)));
  return { chosen, choose, rename, upload };
}

/** Why this one cannot be sent under its name; null when it can. */
export function slugFault(chosen: ChosenFile[], { slug }: ChosenFile): string | null {
  if (!slugForm.test(slug)) return `The name ${slugRule}.`;
  return chosen.filter((other) => other.slug === slug).length > 1 ? 'Another of these files has the same name.' : null;
}
