import { Group, NumberInput, Switch } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { startPerformanceTest } from '@tidewheel/client/routes';
import type { Flow } from '@tidewheel/contract/routes/flows';
import { mostOfPerformanceTest } from '@tidewheel/contract/routes/performance';
import { useState } from 'react';
import { type FormValues, givenValues } from '../../form/form-values.ts';
import { SchemaForm } from '../../form/SchemaForm.tsx';
import { api } from '../../shared/api.ts';
import { FormDialog } from '../../shared/FormDialog.tsx';
import { formatCount } from '../../shared/format.ts';

/** Runs the flow many times over and measures its steps. */
export function PerformanceDialog({ flow, onClose }: { flow: Flow; onClose: () => void }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [order, setOrder] = useState({ runs: 20, concurrency: 1, isDry: true });
  const [values, setValues] = useState<FormValues>({});
  const set = (part: Partial<typeof order>) => setOrder((old) => ({ ...old, ...part }));
  const hasParameters = Object.keys(flow.document.parameters).length > 0;
  const start = useMutation({
    mutationFn: () => {
      const { runs, concurrency, isDry } = order;
      const body = { runs, concurrency, mode: isDry ? ('dry' as const) : ('normal' as const), parameters: givenValues(values) };
      return api.call(startPerformanceTest, { params: { slug: flow.slug }, body });
    },
    onSuccess: async ({ id }) => {
      await queries.invalidateQueries({ queryKey: ['performance'] });
      await navigate({ to: '/operate/performance', search: { flow: flow.slug, test: id } });
    },
  });
  return (
    <FormDialog title={`Measure ${flow.title}`} action={`Start ${formatCount(order.runs)} runs`} mutation={start} onClose={onClose}>
      <Group grow align="flex-start">
        <NumberInput label="Runs" min={1} max={mostOfPerformanceTest} value={order.runs} onChange={(value) => set({ runs: Number(value) || 1 })} />
        <NumberInput label="At once" min={1} max={100} value={order.concurrency} onChange={(value) => set({ concurrency: Number(value) || 1 })} />
      </Group>
      {hasParameters && <SchemaForm schema={flow.parametersSchema} values={values} errors={{}} onChange={setValues} />}
      <Switch label="Dry runs: nothing outside is changed" checked={order.isDry} onChange={(event) => set({ isDry: event.currentTarget.checked })} />
    </FormDialog>
  );
}
