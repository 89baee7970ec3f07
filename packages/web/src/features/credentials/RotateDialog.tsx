import { NumberInput, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { rotateCredential } from '@tidewheel/client/routes';
import type { Credential, CredentialTypeInfo } from '@tidewheel/contract/routes/credentials';
import { useState } from 'react';
import { type FormValues, givenValues } from '../../form/form-values.ts';
import { SchemaForm } from '../../form/SchemaForm.tsx';
import { type FormErrors, validateValues } from '../../form/validate.ts';
import { api } from '../../shared/api.ts';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { announce } from '../../shared/notify.ts';

/** A new secret for a credential; what uses it stays as it is. */
export function RotateDialog({ credential, type, onClose }: { credential: Credential; type: CredentialTypeInfo; onClose: () => void }) {
  const queries = useQueryClient();
  const [fields, setFields] = useState<FormValues>(credential.fields);
  const [secret, setSecret] = useState<FormValues>({});
  const [graceHours, setGraceHours] = useState(24);
  const [errors, setErrors] = useState<{ fields: FormErrors; secret: FormErrors }>({ fields: {}, secret: {} });
  const rotate = useMutation({
    mutationFn: () =>
      api.call(rotateCredential, { params: { slug: credential.slug }, body: { secret: givenValues(secret), fields: givenValues(fields), graceHours } }),
    onSuccess: async (saved) => {
      await queries.invalidateQueries({ queryKey: ['credentials'] });
      announce(`The credential is rotated: version ${saved.version}.`);
      onClose();
    },
  });
  const validate = async () => {
    const found = { fields: await validateValues(type.fields, givenValues(fields)), secret: await validateValues(type.secret, givenValues(secret)) };
    setErrors(found);
    return Object.keys(found.fields).length + Object.keys(found.secret).length === 0;
  };
  return (
    <FormDialog title={`Rotate ${credential.title}`} size="lg" onClose={onClose} mutation={rotate} action="Rotate" validate={validate}>
      <Text size="sm">The new secret takes effect at the next step that opens it. Connections and flows stay as they are.</Text>
      <SchemaForm schema={type.fields} values={fields} errors={errors.fields} onChange={setFields} />
      <SchemaForm schema={type.secret} values={secret} errors={errors.secret} onChange={setSecret} />
      <NumberInput
        label="Keep the old one for (hours)"
        description="So long it can be put back; 0 erases it at once."
        min={0}
        max={2160}
        value={graceHours}
        onChange={(value) => setGraceHours(Number(value) || 0)}
      />
    </FormDialog>
  );
}
