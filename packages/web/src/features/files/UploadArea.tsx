import { Button, FileButton, Text } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { type DragEvent, useState } from 'react';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import classes from './UploadArea.module.css';
import { useUploads } from './use-uploads.ts';

/** Drop files here, or choose them: both do the same. */
export function UploadArea() {
  const uploads = useUploads();
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    uploads.mutate([...event.dataTransfer.files]);
  };
  const over = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  return (
    <section className={classes['area']} data-over={isOver || undefined} onDrop={drop} onDragOver={over} onDragLeave={() => setOver(false)} aria-label="Upload">
      <IconUpload size={22} stroke={1.6} aria-hidden />
      <Text size="sm">
        {uploads.isPending
          ? `Uploading ${uploads.variables.map((file) => file.name).join(', ')}…`
          : 'Drop files here. A file with the same name replaces the one before.'}
      </Text>
      <FileButton multiple onChange={(files) => uploads.mutate(files)}>
        {(props) => (
          <Button {...props} size="xs" loading={uploads.isPending}>
            Choose files
          </Button>
        )}
      </FileButton>
      {uploads.error && (
        <div className={classes['error']}>
          <ErrorNotice error={uploads.error} />
        </div>
      )}
    </section>
  );
}
