import { ActionIcon, Button, Fieldset, Group, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { Fault } from '@tidewheel/contract/problem';
import { insertAt, removeAt, renameAt, setText } from '../../../flow-editor/document/edit-block.ts';
import { type ReadFlow, textIn, type Values } from '../../../flow-editor/document/read-flow.ts';
import { setFields, withParameters } from '../../../flow-editor/document/step-edits.ts';
import { SchemaForm } from '../../../form/SchemaForm.tsx';
import { NameInput, stepName } from './NameInput.tsx';
import { parameterOf, parameterSchema, parameterWritten } from './parameter-form.ts';
import { Unshown } from './StepForm.tsx';

interface JobFormProps {
  source: string;
  flow: ReadFlow;
  faults: Fault[];
  canEdit: boolean;
  change: (source: string, tag?: string) => void;
}

const shownKeys = new Set(['flow', 'title', 'kind', 'timeZone', 'parameters', 'steps']);
const slug = /^[a-z][a-z0-9-]*$/;

/** The job itself: what it is called, and what it asks for when it is started. */
export function JobForm({ source, flow, faults, canEdit, change }: JobFormProps) {
  const set = (key: string, value: string) => {
    const isGone = value === '' && key === 'timeZone';
    change(isGone ? removeAt(source, [key]) : setText(source, key, value), `job.${key}`);
  };
  const name = textIn(flow.values, 'flow') ?? '';
  const others = Object.keys(flow.values).filter((key) => !shownKeys.has(key));
  const add = () => {
    const taken = new Set(flow.parameters.map(([one]) => one));
    let free = 'parameter';
    for (let number = 2; taken.has(free); number++) free = `parameter${number}`;
    change(insertAt(withParameters(source), ['parameters'], { name: free, value: { type: 'string' } }));
  };
  return (
    <Stack gap="sm">
      <Title order={2}>The job</Title>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
        <TextInput label="Title" value={textIn(flow.values, 'title') ?? ''} disabled={!canEdit} onChange={(event) => set('title', event.currentTarget.value)} />
        <NameInput
          key={name}
          label="Name"
          description="In addresses"
          value={name}
          taken={[]}
          form={slug}
          disabled={!canEdit}
          onChange={(next) => set('flow', next)}
        />
        <TextInput
          label="Time zone"
          value={textIn(flow.values, 'timeZone') ?? ''}
          placeholder="UTC"
          disabled={!canEdit}
          onChange={(event) => set('timeZone', event.currentTarget.value)}
        />
      </SimpleGrid>
      <Title order={3}>Parameters</Title>
      {flow.parameters.length === 0 && (
        <Text size="sm" c="dimmed">
          It asks for nothing when it is started. A parameter is asked for, and steps use it as <code>{'{{ name }}'}</code>.
        </Text>
      )}
      {flow.parameters.map(([one, values]) => (
        <ParameterFields key={one} name={one} values={values} source={source} flow={flow} faults={faults} canEdit={canEdit} change={change} />
      ))}
      {canEdit && (
        <div>
          <Button size="xs" variant="default" leftSection={<IconPlus size={15} aria-hidden />} onClick={add}>
            Add a parameter
          </Button>
        </div>
      )}
      {others.length > 0 && <Unshown names={others} />}
    </Stack>
  );
}

function ParameterFields({ name, values, source, flow, faults, canEdit, change }: JobFormProps & { name: string; values: Values }) {
  const path = ['parameters', name];
  const above = `${path.join('.')}.`;
  const errors = Object.fromEntries(faults.filter((fault) => fault.path.startsWith(above)).map((fault) => [fault.path.slice(above.length), fault.message]));
  return (
    <Fieldset legend={name}>
      <Group align="flex-start" wrap="nowrap" mb="sm">
        <div style={{ flex: 1 }}>
          <NameInput
            label="Name of the parameter"
            description="Steps that use it keep the name they have"
            value={name}
            taken={flow.parameters.map(([one]) => one)}
            form={stepName}
            disabled={!canEdit}
            onChange={(next) => change(renameAt(source, path, next))}
          />
        </div>
        {canEdit && (
          <ActionIcon variant="subtle" color="gray" mt={28} aria-label={`Remove the parameter ${name}`} onClick={() => change(removeAt(source, path))}>
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        )}
      </Group>
      <SchemaForm
        key={String(values['type'])}
        schema={parameterSchema(values)}
        values={parameterOf(values)}
        errors={errors}
        disabled={!canEdit}
        onChange={(next) => change(setFields(source, path, { old: values, next: parameterWritten(values, next) }), above)}
      />
    </Fieldset>
  );
}
