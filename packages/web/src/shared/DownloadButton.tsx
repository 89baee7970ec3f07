import { Button, type ButtonProps } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';

/** A plain link to a download: works with the browser's own progress, resume and "save as". */
export function DownloadButton({ href, fileName, ...button }: { href: string; fileName: string } & ButtonProps) {
  return (
    <Button
      component="a"
      href={href}
      download={fileName}
      variant="default"
      size="xs"
      leftSection={<IconDownload size={14} aria-hidden />}
      aria-label={`Download ${fileName}`}
      {...button}
    >
      Download
    </Button>
  );
}
