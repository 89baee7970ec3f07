import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconDeviceFloppy } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { createCredential } from '@tidewheel/client/routes';
import type { CredentialTypeInfo } from '@tidewheel/contract/routes/credentials';
import { slugOf } from '@tidewheel/contract/slug';
import { type FormEvent, useState } from 'react';
import { type FormValues, givenValues } from '../../form/form-values.ts';
import { SchemaForm } from '../../form/SchemaForm.tsx';
import { type FormErrors, validateValues } from '../../form/validate.ts';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { announce } from '../../shared/notify.ts';
import classes from '../../shared/Split.module.css';
import { MetadataFields } from './MetadataFields.tsx';
import { noMetadata } from './metadata.ts';

const none: { fields: FormErrors; secret: FormErrors } = { fields: {}, secret: {} };

/** Makes a credential of a type; its secret is given here and never shown again. */
export function NewCredentialForm({ type }: { type: CredentialTypeInfo }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [metadata, setMetadata] = useState(noMetadata);
  const [slug, setSlug] = useState<string | null>(null);
  const [fields, setFields] = useState<FormValues>({});
  const [secret, setSecret] = useState<FormValues>({});
  const [errors, setErrors] = useState(none);
  const name = slug ?? slugOf(metadata.title);
  const save = useMutation({
    mutationFn: () =>
      api.call(createCredential, {
        body: { ...metadata, title: metadata.title.trim(), slug: name, type: type.type, fields: givenValues(fields), secret: givenValues(secret) },
      }),
    onSuccess: async (saved) => {
      setSecret({});
      await queries.invalidateQueries({ queryKey: ['credentials'] });
      announce(`The credential ${saved.title} is kept in the vault.`);
      await navigate({ to: '/credentials/$slug', params: { slug: saved.slug } });
    },
  });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found = { fields: await validateValues(type.fields, givenValues(fields)), secret: await validateValues(type.secret, givenValues(secret)) };
    setErrors(found);
    if (Object.keys(found.fields).length + Object.keys(found.secret).length === 0) save.mutate();
  };
  return (
    <form onSubmit={(event) => void submit(event)} className={`tw-card ${classes['card']}`} style={{ maxWidth: 760 }} noValidate>
      <Stack gap="sm">
        <div>
          <Title order={2}>{type.title}</Title>
          <Text size="sm" c="dimmed">
            {type.description}
          </Text>
        </div>
        <MetadataFields value={metadata} onChange={setMetadata} />
        <TextInput
          label="Name"
          description="How connections name it; it cannot be changed later"
          withAsterisk
          value={name}
          onChange={(event) => setSlug(event.currentTarget.value)}
        />
        <SchemaForm schema={type.fields} values={fields} errors={errors.fields} onChange={setFields} />
        <Title order={3} mt="xs">
          Secret
        </Title>
        <Text size="sm" c="dimmed" mt={-8}>
          Kept encrypted in the vault, opened only for the step that needs it, and never shown again.
        </Text>
        <SchemaForm schema={type.secret} values={secret} errors={errors.secret} onChange={setSecret} />
        {save.error && <ErrorNotice error={save.error} />}
        <Group mt="xs">
          <Button
            type="submit"
            loading={save.isPending}
            disabled={metadata.title.trim() === '' || name === ''}
            leftSection={<IconDeviceFloppy size={16} aria-hidden />}
          >
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
