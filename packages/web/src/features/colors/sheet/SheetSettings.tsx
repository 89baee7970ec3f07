import { Box, Stack, Switch, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { updateColorSheet } from '@tidewheel/client/routes';
import type { ColorSheet } from '@tidewheel/contract/color-sheet';
import type { ColorSheetSettings } from '@tidewheel/contract/routes/color-sheet';
import { useState } from 'react';
import { api } from '../../../shared/api.ts';
import { Loaded } from '../../../shared/Loaded.tsx';
import { announce } from '../../../shared/notify.ts';
import { SubmitForm } from '../../../shared/SubmitForm.tsx';
import { SheetColumns } from './SheetColumns.tsx';
import { SheetPreview } from './SheetPreview.tsx';
import { SheetTemplate } from './SheetTemplate.tsx';
import { sheetKey, sheetQuery } from './sheet.queries.ts';

/** How the sheet of the desk looks: its columns or a template, and what comes with it. */
export function SheetSettings({ canEdit }: { canEdit: boolean }) {
  const query = useQuery(sheetQuery);
  return (
    <section aria-labelledby="sheet-settings">
      <Title order={2} id="sheet-settings" mt="lg" mb={4}>
        The sheet
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        What color.sheet writes, unless a step says otherwise.
      </Text>
      <div className="tw-card">
        <Loaded query={query} lines={4}>
          {(settings) => (
            <Box p="md">
              <SheetForm key={settings.revision} settings={settings} canEdit={canEdit} />
            </Box>
          )}
        </Loaded>
      </div>
    </section>
  );
}

function SheetForm({ settings, canEdit }: { settings: ColorSheetSettings; canEdit: boolean }) {
  const queries = useQueryClient();
  const [sheet, setSheet] = useState<ColorSheet>(settings.sheet);
  const save = useMutation({
    mutationFn: () => api.call(updateColorSheet, { body: { sheet, revision: settings.revision } }),
    onSuccess: (changed) => {
      queries.setQueryData(sheetKey, changed);
      announce('The sheet is changed.');
    },
  });
  const change = (to: Partial<ColorSheet>) => setSheet((old) => ({ ...old, ...to }));
  const isSame = JSON.stringify(sheet) === JSON.stringify(settings.sheet);
  return (
    <SubmitForm mutation={save} action="Save the sheet" disabled={!canEdit || isSame || sheet.columns.length === 0} side="left">
      <SheetTemplate template={sheet.template} canEdit={canEdit} onChange={(template) => change({ template })} />
      {sheet.template === null && (
        <>
          <SheetColumns columns={sheet.columns} canEdit={canEdit} onChange={(columns) => change({ columns })} />
          <SheetPreview columns={sheet.columns} />
        </>
      )}
      <Stack gap="xs">
        <Switch
          label="Children fold away under their parent"
          checked={sheet.outline}
          disabled={!canEdit}
          onChange={(event) => change({ outline: event.currentTarget.checked })}
        />
        <Switch
          label="Excluded rows come too, in a sheet of their own with the rule"
          checked={sheet.excluded}
          disabled={!canEdit}
          onChange={(event) => change({ excluded: event.currentTarget.checked })}
        />
      </Stack>
    </SubmitForm>
  );
}
