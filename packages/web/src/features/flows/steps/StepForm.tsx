import { Accordion, Alert, Button, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { Fault } from '@tidewheel/contract/problem';
import type { StepTypeInfo } from '@tidewheel/contract/step-type';
import { useMemo } from 'react';
import { offeredNames } from '../../../flow-editor/document/offered-names.ts';
import { type ListedStep, type ReadFlow, textIn, type Values, valuesIn } from '../../../flow-editor/document/read-flow.ts';
import { OfferedNames } from '../../../form/completion.ts';
import { SchemaForm } from '../../../form/SchemaForm.tsx';
import { EdgeFields } from './EdgeFields.tsx';
import { advancedOf, advancedSchema, advancedWritten, configForm, otherKeys, withDefaults } from './fields-shown.ts';
import { NameInput, stepName } from './NameInput.tsx';

interface StepFormProps {
  flow: ReadFlow;
  step: ListedStep;
  types: readonly StepTypeInfo[];
  faults: Fault[];
  canEdit: boolean;
  /** Places that may still name the step as it was called before. */
  unsure: readonly string[];
  onFields: (change: { old: Values; next: Values }) => void;
  onRename: (name: string) => void;
  onAddInside: (() => void) | null;
}

/** Everything about one step: what it is called, its configuration, what it waits for, and what is rarely set. */
export function StepForm(props: StepFormProps) {
  const { flow, step, types, canEdit, unsure, onFields, onRename, onAddInside } = props;
  const type = types.find((one) => one.type === step.values['use']);
  const names = useMemo(() => offeredNames({ flow, step, types }), [flow, step, types]);
  const own = (key: string, value: unknown) => onFields({ old: pick(step.values, [key]), next: value === undefined ? {} : { [key]: value } });
  const others = otherKeys(step.values);
  return (
    <OfferedNames value={names}>
      <Stack gap="sm">
        <Title order={2}>{type?.title ?? 'Step'}</Title>
        <Text size="sm" c="dimmed">
          {type?.description.split(/\.\s/)[0] ?? `There is no kind of step named ${String(step.values['use'])}: choose one in the document.`}
        </Text>
        {unsure.length > 0 && (
          <Alert color="yellow" title="Its former name may still be meant here">
            {unsure.join('; ')}. Look at these places: only you can tell.
          </Alert>
        )}
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <TextInput
            label="Title"
            value={textIn(step.values, 'title') ?? ''}
            disabled={!canEdit}
            onChange={(event) => own('title', event.currentTarget.value || undefined)}
          />
          <NameInput
            key={step.id}
            label="Name"
            description="Other steps use it"
            value={step.id}
            taken={flow.steps.map(({ id }) => id)}
            form={stepName}
            disabled={!canEdit}
            onChange={onRename}
          />
        </SimpleGrid>
        {type && <ConfigForm {...props} type={type} />}
        <EdgeFields flow={flow} step={step} type={type} disabled={!canEdit} onFields={onFields} />
        {onAddInside && (
          <div>
            <Button size="xs" variant="default" leftSection={<IconPlus size={15} aria-hidden />} onClick={onAddInside}>
              Add a step inside
            </Button>
          </div>
        )}
        <Accordion variant="contained" order={3} defaultValue={Object.keys(advancedOf(step.values)).length > 0 ? 'advanced' : null}>
          <Accordion.Item value="advanced">
            <Accordion.Control>Advanced: condition, retry, time limit, for each</Accordion.Control>
            <Accordion.Panel>
              <SchemaForm
                schema={advancedSchema}
                values={advancedOf(step.values)}
                errors={errorsUnder(props.faults, step.path)}
                disabled={!canEdit}
                onChange={(next) => onFields({ old: pick(step.values, Object.keys(advancedOf(step.values))), next: advancedWritten(next) })}
              />
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
        {others.length > 0 && <Unshown names={others} />}
      </Stack>
    </OfferedNames>
  );
}

function ConfigForm({ step, type, faults, canEdit, onFields }: StepFormProps & { type: StepTypeInfo }) {
  const config = valuesIn(step.values, 'with');
  const { schema, hidden } = configForm(type, config);
  const change = (next: Values) => {
    const kept = Object.fromEntries(
      Object.entries(next).filter(([name, value]) => Object.hasOwn(config, name) || value !== withDefaults(schema, config)[name]),
    );
    onFields({ old: { with: config }, next: { with: kept } });
  };
  return (
    <>
      <SchemaForm
        key={step.id}
        schema={schema}
        values={withDefaults(schema, config)}
        errors={errorsUnder(faults, [...step.path, 'with'])}
        disabled={!canEdit}
        onChange={change}
      />
      {hidden.length > 0 && <Unshown names={hidden} />}
    </>
  );
}

export function Unshown({ names }: { names: readonly string[] }) {
  return (
    <Text size="sm" c="dimmed">
      Also in the document, and kept as written there: <code>{names.join(', ')}</code>
    </Text>
  );
}

/** Faults by what comes after the place: `steps.a.with.target` under `steps.a.with` is about `target`. */
function errorsUnder(faults: readonly Fault[], place: readonly string[]): Record<string, string> {
  const above = `${place.join('.')}.`;
  return Object.fromEntries(faults.filter(({ path }) => path.startsWith(above)).map(({ path, message }) => [path.slice(above.length), message]));
}

function pick(values: Values, keys: readonly string[]): Values {
  return Object.fromEntries(keys.filter((key) => values[key] !== undefined).map((key) => [key, values[key]]));
}
