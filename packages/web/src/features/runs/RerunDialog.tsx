import { Radio, Select, Stack, Switch, Text } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { previewRerun, rerunRun } from '@tidewheel/client/routes';
import type { RerunPreview } from '@tidewheel/contract/routes/run-operations';
import type { Run } from '@tidewheel/contract/run';
import { useState } from 'react';
import { changedValues, type FormValues, givenValues } from '../../form/form-values.ts';
import { SchemaForm } from '../../form/SchemaForm.tsx';
import { type FormErrors, validateValues } from '../../form/validate.ts';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { announce } from '../../shared/notify.ts';
import { RerunSteps } from './RerunSteps.tsx';

type From = 'whole' | 'failed' | 'step';

/** Runs it again: whole, from what failed or from a step, with other parameters; says before which steps that means. */
export function RerunDialog({ run, step, onClose }: { run: Run; step: string | null; onClose: () => void }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const hasFailed = run.state !== 'succeeded';
  const [from, setFrom] = useState<From>(step ? 'step' : hasFailed ? 'failed' : 'whole');
  const [chosen, setChosen] = useState(step ?? run.steps[0]?.step ?? '');
  const [values, setValues] = useState<FormValues>(run.parameters);
  const [errors, setErrors] = useState<FormErrors>({});
  const [isDry, setDry] = useState(run.mode === 'dry');
  const parameters = changedValues(givenValues(values), run.parameters);
  const body = { from: from === 'whole' ? undefined : from === 'failed' ? 'failed' : chosen, parameters, mode: isDry ? ('dry' as const) : ('normal' as const) };
  const preview = useQuery({
    queryKey: ['runs', 'rerun', run.id, body],
    queryFn: () => api.call(previewRerun, { params: { id: run.id }, body }),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const rerun = useMutation({
    mutationFn: () => api.call(rerunRun, { params: { id: run.id }, body }),
    onSuccess: async (next) => {
      announce(`Run #${next.number} has been started.`);
      await queries.invalidateQueries({ queryKey: ['runs', 'list'] });
      await navigate({ to: '/runs/$id', params: { id: next.id } });
      onClose();
    },
  });
  const validate = async () => {
    const found = preview.data ? await validateValues(optional(preview.data.parametersSchema), parameters) : {};
    setErrors(found);
    return Object.keys(found).length === 0;
  };
  return (
    <FormDialog
      title={`Run ${run.flowTitle} #${run.number} again`}
      action="Run again"
      mutation={rerun}
      validate={validate}
      disabled={preview.isError}
      onClose={onClose}
      size="lg"
    >
      <Radio.Group label="From where" value={from} onChange={(value) => setFrom(value as From)}>
        <Stack gap={6} mt={4}>
          <Radio value="whole" label="From the start, with its own now and today" />
          {hasFailed && <Radio value="failed" label="What did not succeed, and what comes after it" />}
          <Radio value="step" label="From a step" />
        </Stack>
      </Radio.Group>
      {from === 'step' && (
        <Select
          label="Step"
          data={run.steps.map(({ step: id }) => id).filter((id) => !id.includes('.'))}
          value={chosen}
          onChange={(value) => setChosen(value ?? '')}
          allowDeselect={false}
          searchable
        />
      )}
      <Parameters preview={preview.data} values={values} errors={errors} onChange={setValues} />
      <Switch label="Dry run: nothing outside is changed" checked={isDry} onChange={(event) => setDry(event.currentTarget.checked)} />
      {preview.error ? <ErrorNotice error={preview.error} /> : <RerunSteps preview={preview.data} />}
    </FormDialog>
  );
}

function Parameters({
  preview,
  values,
  errors,
  onChange,
}: {
  preview: RerunPreview | undefined;
  values: FormValues;
  errors: FormErrors;
  onChange: (values: FormValues) => void;
}) {
  if (!preview || Object.keys((preview.parametersSchema['properties'] as object | undefined) ?? {}).length === 0) return null;
  return (
    <div>
      <Text size="sm" fw={600}>
        Parameters
      </Text>
      <Text size="xs" c="dimmed" mb={6}>
        As the run had them. What is left empty stays as it was.
      </Text>
      <SchemaForm schema={optional(preview.parametersSchema)} values={values} errors={errors} onChange={onChange} />
    </div>
  );
}

/** What is left out stays as it was. */
function optional(schema: Record<string, unknown>): Record<string, unknown> {
  const { required: _required, ...rest } = schema;
  return rest;
}
