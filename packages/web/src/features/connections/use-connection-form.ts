import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createConnection, tryConnection, updateConnection } from '@tidewheel/client/routes';
import type { Connection } from '@tidewheel/contract/routes/connections';
import { slugOf } from '@tidewheel/contract/slug';
import type { ConnectorInfo } from '@tidewheel/contract/step-type';
import { useState } from 'react';
import { type FormValues, givenValues } from '../../form/form-values.ts';
import { type FormErrors, validateValues } from '../../form/validate.ts';
import { api } from '../../shared/api.ts';

/** The user comes from the credential when there is one. */
function configSchema(schema: ConnectorInfo['config'], hasCredential: boolean): ConnectorInfo['config'] {
  const required = schema['required'];
  return hasCredential && Array.isArray(required) ? { ...schema, required: required.filter((name) => name !== 'user') } : schema;
}

/** The state of a connection's form: settings, the secret (never read back), test and save. */
export function useConnectionForm({
  connector,
  connection,
  onSaved,
}: {
  connector: ConnectorInfo;
  connection: Connection | null;
  onSaved: (saved: Connection) => void;
}) {
  const queries = useQueryClient();
  const [title, setTitle] = useState(connection?.title ?? '');
  const [folder, setFolder] = useState(connection?.folder ?? '');
  const [slug, setSlug] = useState<string | null>(connection?.slug ?? null);
  const [config, setConfig] = useState<FormValues>(connection?.config ?? {});
  const [secret, setSecret] = useState<FormValues>({});
  const [credential, setCredential] = useState<string | null>(connection?.credential ?? null);
  const [errors, setErrors] = useState<{ config: FormErrors; secret: FormErrors }>({ config: {}, secret: {} });
  const shownSlug = slug ?? slugOf(title);
  const typedSecret = givenValues(secret);
  // Left empty, a stored secret stays as it is: it is not sent at all.
  const ownPart = Object.keys(typedSecret).length > 0 ? { secret: typedSecret } : {};
  const letsGo = connection?.credential != null && credential === null && !ownPart.secret ? { credential: null } : {};
  const secretPart: { secret?: FormValues; credential?: string | null } = credential === null ? { ...ownPart, ...letsGo } : { credential };
  const body = { title: title.trim(), folder: folder.trim() || null, config: givenValues(config), ...secretPart };

  const save = useMutation({
    mutationFn: () =>
      connection
        ? api.call(updateConnection, { params: { slug: connection.slug }, body })
        : api.call(createConnection, { body: { ...body, slug: shownSlug, type: connector.type } }),
    onSuccess: async (saved) => {
      setSecret({});
      await queries.invalidateQueries({ queryKey: ['connections'] });
      onSaved(saved);
    },
  });
  const test = useMutation({
    mutationFn: () =>
      api.call(tryConnection, { body: { type: connector.type, config: body.config, ...secretPart, ...(connection ? { slug: connection.slug } : {}) } }),
  });

  /** Runs the mutation only when the form is right. */
  const checked = async (mutation: typeof save | typeof test) => {
    const found = {
      config: await validateValues(configSchema(connector.config, credential !== null), body.config),
      secret: connector.secret && secretPart.secret ? await validateValues(connector.secret, typedSecret) : {},
    };
    setErrors(found);
    if (Object.keys(found.config).length + Object.keys(found.secret).length === 0) mutation.mutate();
  };
  const pin = (settings: FormValues) => setConfig((old) => ({ ...old, ...settings }));
  return {
    title,
    setTitle,
    folder,
    setFolder,
    slug: shownSlug,
    setSlug,
    config,
    setConfig,
    secret,
    setSecret,
    credential,
    setCredential,
    errors,
    save,
    test,
    pin,
    submit: () => checked(save),
    tryOut: () => checked(test),
  };
}
