import { Button, Group, Modal, Text } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { RunSummary } from '@tidewheel/contract/run';
import { type FormEvent, useState } from 'react';
import { type FormValues, givenValues } from '../../form/form-values.ts';
import { SchemaForm } from '../../form/SchemaForm.tsx';
import { type FormErrors, validateValues } from '../../form/validate.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { RunOptionFields } from './RunOptionFields.tsx';
import { noOptions, type StartOptions, startOptionsOf } from './run-options.ts';

interface RunDialogProps {
  title: string;
  parametersSchema: Record<string, unknown>;
  /** What will run, in a sentence. */
  note: string;
  start: (parameters: FormValues, idempotencyKey: string, options: StartOptions) => Promise<RunSummary>;
  /** The steps whose data may be replaced by test data; without it there are no further options. */
  sources?: { id: string; use: string }[];
  onClose: () => void;
}

/** Starts a run with the parameters that the flow declares. What is left empty takes its default. */
export function RunDialog({ title, parametersSchema, note, start: begin, sources, onClose }: RunDialogProps) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [values, setValues] = useState<FormValues>({});
  const [errors, setErrors] = useState<FormErrors>({});
  const [options, setOptions] = useState(noOptions);
  // One key per opened dialog: a click that is sent twice starts one run.
  const [idempotencyKey] = useState(() => crypto.getRandomValues(new Uint32Array(4)).join('-'));
  const hasParameters = Object.keys((parametersSchema['properties'] as object | undefined) ?? {}).length > 0;
  const start = useMutation({
    mutationFn: (parameters: FormValues) => begin(parameters, idempotencyKey, startOptionsOf(options)),
    onSuccess: async (run) => {
      await navigate({ to: '/runs/$id', params: { id: run.id } });
      void queries.invalidateQueries({ queryKey: ['runs'] });
    },
  });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const given = givenValues(values);
    const found = await validateValues(parametersSchema, given);
    setErrors(found);
    if (Object.keys(found).length === 0) start.mutate(given);
  };
  return (
    <Modal opened onClose={onClose} title={title} size="md">
      <form onSubmit={(event) => void submit(event)} noValidate>
        {hasParameters ? (
          <>
            <Text size="sm" c="dimmed" mb="xs">
              {note}
            </Text>
            <SchemaForm schema={parametersSchema} values={values} errors={errors} onChange={setValues} />
          </>
        ) : (
          <Text>It takes no parameters. {note}</Text>
        )}
        {sources && <RunOptionFields options={options} sources={sources} onChange={setOptions} />}
        {start.error && (
          <div style={{ marginTop: 12 }}>
            <ErrorNotice error={start.error} />
          </div>
        )}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <Button type="submit" loading={start.isPending} leftSection={<IconPlayerPlay size={16} aria-hidden />} data-autofocus>
            {options.isDry ? 'Start the dry run' : 'Start the run'}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
