import { Button, FileButton, Text } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import classes from './DropArea.module.css';

interface DropAreaProps {
  label: string;
  text: string;
  /** Endings of the files that can be chosen; any when left out. */
  accept?: string;
  onFiles: (files: File[]) => void;
  /** Other ways to bring something. */
  children?: ReactNode;
}

/** Drop files here, or choose them: both do the same. */
export function DropArea({ label, text, accept, onFiles, children }: DropAreaProps) {
  const [isOver, setOver] = useState(false);
  // Without it the browser says nothing when the same file is chosen again, after a cancelled dialog.
  const forget = useRef<() => void>(null);
  const choose = (files: File[]) => {
    forget.current?.();
    onFiles(files);
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
    <section className={classes['area']} data-over={isOver || undefined} onDrop={drop} onDragOver={over} onDragLeave={() => setOver(false)} aria-label={label}>
      <IconUpload size={22} stroke={1.6} aria-hidden />
      <Text size="sm">{text}</Text>
      <FileButton multiple resetRef={forget} onChange={choose} {...(accept === undefined ? {} : { accept })}>
        {(props) => (
          <Button {...props} size="xs">
            Choose files
          </Button>
        )}
      </FileButton>
      {children}
    </section>
  );
}
