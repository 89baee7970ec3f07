import { Text, TextInput, Title } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { Trigger, TriggerKindInfo } from '@tidewheel/contract/trigger';
import { SchemaForm } from '../../form/SchemaForm.tsx';
import { SettingsForm } from '../../form/SettingsForm.tsx';
import { FlowSelect } from '../../shared/FlowSelect.tsx';
import { announce } from '../../shared/notify.ts';
import classes from '../../shared/Split.module.css';
import { useCan } from '../../shared/session.ts';
import { EventFields } from './EventFields.tsx';
import { MappingFields } from './MappingFields.tsx';
import { useTriggerForm } from './use-trigger-form.ts';

interface TriggerFormProps {
  kind: TriggerKindInfo;
  trigger: Trigger | null;
  flow: string;
}

/** The settings of a trigger, generated from the schema of its kind. */
export function TriggerForm({ kind, trigger, flow }: TriggerFormProps) {
  const navigate = useNavigate();
  const canEdit = useCan('trigger.edit') && trigger?.archivedAt == null;
  const form = useTriggerForm({
    kind,
    trigger,
    flow,
    onSaved: (saved) => {
      announce(`The trigger ${saved.title} is saved.`);
      void navigate({ to: '/triggers/$slug', params: { slug: saved.slug }, search: {} });
    },
  });
  return (
    <div className={classes['split']}>
      <SettingsForm kind={kind} form={form} nameFor={trigger ? null : 'In addresses and on the command line'} canEdit={canEdit} isComplete={form.flow !== ''}>
        {!trigger && (
          <div>
            <Text size="sm" fw={500} component="div" mb={4}>
              Flow that it starts, in your name
            </Text>
            <FlowSelect value={form.flow || undefined} onChange={(chosen) => form.setFlow(chosen ?? '')} placeholder="Choose a flow" />
          </div>
        )}
        <SchemaForm schema={kind.config} values={form.config} errors={form.errors} onChange={form.setConfig} disabled={!canEdit} />
        <Title order={3} mt="xs">
          Parameters of the flow
        </Title>
        <MappingFields flow={form.flow} values={form.parameters} onChange={form.setParameter} disabled={!canEdit} />
        <TextInput
          label="Condition"
          description="It fires only when this is true; empty: always"
          placeholder="event.body.complete"
          value={form.condition}
          onChange={(event) => form.setCondition(event.currentTarget.value)}
          disabled={!canEdit}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
      </SettingsForm>
      <div className={classes['side']}>
        <EventFields kind={kind} />
      </div>
    </div>
  );
}
