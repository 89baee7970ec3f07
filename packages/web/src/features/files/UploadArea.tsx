import { DropArea } from '../../shared/DropArea.tsx';
import { UploadDialog } from './UploadDialog.tsx';
import { useUploads } from './use-uploads.ts';

/** Brings files in, each under a name. */
export function UploadArea() {
  const uploads = useUploads();
  return (
    <>
      <DropArea label="Upload" text="Drop files here. Each gets a name by which flows say which file they mean." onFiles={uploads.choose} />
      {uploads.chosen.length > 0 && <UploadDialog {...uploads} />}
    </>
  );
}
