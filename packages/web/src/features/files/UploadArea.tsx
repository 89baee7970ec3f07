import { Button, FileButton, Text } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { type DragEvent, useRef, useState } from 'react';
import classes from './UploadArea.module.css';
import { UploadDialog } from './UploadDialog.tsx';
import { useUploads } from './use-uploads.ts';

/** Drop files here, or choose them: both do the same. */
export function UploadArea() {
  const uploads = useUploads();
  const [isOver, setOver] = useState(false);
  // Without it the browser says nothing when the same file is chosen again, after a cancelled dialog.
  const forget = useRef<() => void>(null);
  const choose = (files: File[]) => {
    forget.current?.();
    uploads.choose(files);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    choose([...event.dataTransfer.files]);
  };
  const over = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  return (
    <>
      <section
        className={classes['area']}
        data-over={isOver || undefined}
        onDrop={drop}
        onDragOver={over}
        onDragLeave={() => setOver(false)}
        aria-label="Upload"
      >
        <IconUpload size={22} stroke={1.6} aria-hidden />
        <Text size="sm">Drop files here. Each gets a name by which flows say which file they mean.</Text>
        <FileButton multiple resetRef={forget} onChange={choose}>
          {(props) => (
            <Button {...props} size="xs">
              Choose files
            </Button>
          )}
        </FileButton>
      </section>
      {uploads.chosen.length > 0 && <UploadDialog {...uploads} />}
    </>
  );
}
