import { Select, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { pasteColors } from '@tidewheel/client/routes';
import { useState } from 'react';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { announce } from '../../shared/notify.ts';
import { bufferKey, pastePreviewQuery, sourcesQuery, today } from './buffer.queries.ts';
import { PreviewTable } from './PreviewTable.tsx';

/** Rows of a spreadsheet or lines of a run, with what is understood of them while they are typed. */
export function PasteDialog({ onClose, onShow }: { onClose: () => void; onShow: (upload: string) => void }) {
  const queries = useQueryClient();
  const [text, setText] = useState('');
  const [source, setSource] = useState<string | null>(null);
  const [settled] = useDebouncedValue(text, 300);
  const sources = useQuery(sourcesQuery());
  const preview = useQuery(pastePreviewQuery(settled, source ?? undefined));
  const paste = useMutation({
    mutationFn: () => api.call(pasteColors, { body: { text, source: source ?? undefined, date: today() } }),
    onSuccess: async (upload) => {
      await queries.invalidateQueries({ queryKey: bufferKey });
      onClose();
      if (upload.state === 'ready')
        announce(`${upload.rows} colors wait in the buffer${upload.doubtful === 0 ? '' : `, ${upload.doubtful} of them doubtful`}.`);
      else onShow(upload.id);
    },
  });
  return (
    <FormDialog
      title="Paste colors"
      size="xl"
      onClose={onClose}
      closeOnClickOutside={false}
      mutation={paste}
      action="Put into the buffer"
      disabled={text.trim() === ''}
    >
      <Textarea
        label="Rows or lines"
        description="Copied from Excel with their header, or a run: XYZ 4.5 27  98-1 / 98-5  5x5  IBVAL+120"
        autosize
        minRows={5}
        maxRows={14}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        data-autofocus
      />
      {(sources.data?.length ?? 0) > 0 && (
        <Select
          label="Source"
          description="By whose columns it is read; those that fit unless told"
          clearable
          data={(sources.data ?? []).map(({ slug, title }) => ({ value: slug, label: title }))}
          value={source}
          onChange={setSource}
        />
      )}
      {preview.error && <ErrorNotice error={preview.error} />}
      {preview.data && settled.trim() !== '' && <PreviewTable preview={preview.data} />}
    </FormDialog>
  );
}
