import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { formatBytes } from '../../shared/format.ts';
import { fileNamedQuery } from './files.queries.ts';
import { type ChosenFile, slugFault, type useUploads } from './use-uploads.ts';

/** Asks for the name of each chosen file: it is what flows say, and it cannot be changed later. */
export function UploadDialog({ chosen, choose, rename, upload }: ReturnType<typeof useUploads>) {
  const close = () => choose([]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    upload.mutate(chosen);
  };
  return (
    <Modal
      opened
      onClose={close}
      withCloseButton={!upload.isPending}
      closeOnEscape={!upload.isPending}
      closeOnClickOutside={false}
      title={chosen.length === 1 ? 'Upload a file' : `Upload ${chosen.length} files`}
    >
      <form onSubmit={submit}>
        <Stack gap="sm">
          {chosen.map((one, index) => (
            <NameInput key={one.file.name} one={one} fault={slugFault(chosen, one)} isFirst={index === 0} onChange={(slug) => rename(one.file, slug)} />
          ))}
          {upload.error && <ErrorNotice error={upload.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close} disabled={upload.isPending}>
              Cancel
            </Button>
            <Button type="submit" loading={upload.isPending} disabled={chosen.some((one) => slugFault(chosen, one) !== null)}>
              Upload
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function NameInput({ one, fault, isFirst, onChange }: { one: ChosenFile; fault: string | null; isFirst: boolean; onChange: (slug: string) => void }) {
  const { file, slug } = one;
  const [settled] = useDebouncedValue(slug, 300);
  const there = useQuery({ ...fileNamedQuery(settled), enabled: fault === null }).data;
  const replaced = there?.slug === slug ? there : null;
  return (
    <TextInput
      label={`Name of ${file.name}`}
      description={replaced ? `Replaces ${replaced.name} (${formatBytes(replaced.size)}), which has this name` : `How flows name it; ${formatBytes(file.size)}`}
      value={slug}
      error={fault}
      onChange={(event) => onChange(event.currentTarget.value)}
      {...(isFirst && { 'data-autofocus': true })}
    />
  );
}
