import { Button, FileButton, Group, Select, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { uploadFile } from '@tidewheel/client/routes';
import { fileSlugOf } from '@tidewheel/contract/slug';
import { api } from '../../../shared/api.ts';
import { ErrorNotice } from '../../../shared/ErrorNotice.tsx';
import { announce } from '../../../shared/notify.ts';
import { useCan } from '../../../shared/session.ts';
import { workbooksQuery } from './sheet.queries.ts';

const mediaType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** An uploaded workbook whose header row decides about the columns: chosen, uploaded, replaced under its name, or taken away. */
export function SheetTemplate({ template, canEdit, onChange }: { template: string | null; canEdit: boolean; onChange: (template: string | null) => void }) {
  const queries = useQueryClient();
  const mayUpload = useCan('file.edit') && canEdit;
  const mayRead = useCan('file.read');
  const { data: files } = useQuery({ ...workbooksQuery, enabled: mayRead });
  const upload = useMutation({
    mutationFn: async (file: File) => {
      const slug = template ?? fileSlugOf(file.name);
      await api.call(uploadFile, { params: { slug }, query: { name: file.name, mediaType }, body: file });
      return slug;
    },
    onSuccess: async (slug) => {
      await queries.invalidateQueries({ queryKey: ['files'] });
      announce(`The workbook is uploaded as ${slug}.`);
      onChange(slug);
    },
  });
  const choices = (files ?? []).map(({ slug, name }) => ({ value: slug, label: slug === name ? name : `${name} (${slug})` }));
  const isNamed = template === null || choices.some(({ value }) => value === template);
  const isThere = isNamed || files === undefined;
  return (
    <>
      <Group align="flex-end" gap="xs">
        <Select
          label="Template"
          description="A workbook whose header row decides about the columns"
          placeholder="None: the columns below"
          w={{ base: '100%', sm: 360 }}
          data={isNamed ? choices : [...choices, { value: template as string, label: isThere ? (template as string) : `${template} (not there)` }]}
          value={template}
          onChange={onChange}
          disabled={!canEdit}
        />
        {mayUpload && (
          <FileButton accept={`.xlsx,${mediaType}`} onChange={(file) => file && upload.mutate(file)} inputProps={{ 'aria-label': 'Workbook of the template' }}>
            {(props) => (
              <Button {...props} variant="default" loading={upload.isPending}>
                {template === null ? 'Upload a template' : 'Replace it'}
              </Button>
            )}
          </FileButton>
        )}
        {template !== null && canEdit && (
          <Button variant="subtle" onClick={() => onChange(null)}>
            Remove the template
          </Button>
        )}
      </Group>
      {!isThere && <Text size="sm">There is no such workbook: runs fail at the sheet until it is uploaded again, or another one is chosen.</Text>}
      {upload.error && <ErrorNotice error={upload.error} />}
    </>
  );
}
