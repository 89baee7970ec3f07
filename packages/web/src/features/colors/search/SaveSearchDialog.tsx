import { Checkbox, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { removeSavedSearch, saveSearch, updateSavedSearch } from '@tidewheel/client/routes';
import type { ColorSearch, SavedSearch } from '@tidewheel/contract/routes/color-search';
import { useState } from 'react';
import { api } from '../../../shared/api.ts';
import { ConfirmButton } from '../../../shared/ConfirmButton.tsx';
import { FormDialog } from '../../../shared/FormDialog.tsx';
import { savedKey } from './search.queries.ts';
import { searchWords } from './search-words.ts';

/** Saves the search, or changes one that was saved. */
export function SaveSearchDialog({ search, saved, onClose }: { search: ColorSearch; saved?: SavedSearch | undefined; onClose: () => void }) {
  const [title, setTitle] = useState(saved?.title ?? '');
  const [shared, setShared] = useState(saved?.shared ?? false);
  const [alert, setAlert] = useState(saved?.alert ?? false);
  const client = useQueryClient();
  const done = async () => {
    await client.invalidateQueries({ queryKey: savedKey });
    onClose();
  };
  const body = { title, search: saved?.search ?? search, shared, alert };
  const save = useMutation({
    mutationFn: () =>
      saved ? api.call(updateSavedSearch, { params: { id: saved.id }, body: { ...body, revision: saved.revision } }) : api.call(saveSearch, { body }),
    onSuccess: done,
  });
  const remove = useMutation({ mutationFn: () => api.call(removeSavedSearch, { params: { id: saved?.id ?? '' } }), onSuccess: done });
  return (
    <FormDialog title={saved ? 'Change a saved search' : 'Save this search'} mutation={save} action="Save" onClose={onClose} disabled={title.trim() === ''}>
      <Text size="sm">{searchWords(body.search)}</Text>
      <TextInput label="Title" required maxLength={100} value={title} onChange={(event) => setTitle(event.currentTarget.value)} data-autofocus />
      <Checkbox label="Everybody in this workspace sees it" checked={shared} onChange={(event) => setShared(event.currentTarget.checked)} />
      <Checkbox label="Tell me when a processing brings new matches" checked={alert} onChange={(event) => setAlert(event.currentTarget.checked)} />
      {saved && (
        <ConfirmButton
          ask={{ title: 'Remove it?', text: `“${saved.title}” and its alerts end.`, confirm: 'Remove', isDanger: true }}
          mutation={{ ...remove, mutateAsync: () => remove.mutateAsync() }}
        >
          Remove
        </ConfirmButton>
      )}
    </FormDialog>
  );
}
