import { Button, Group, Text, UnstyledButton } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp, IconForms, IconListCheck, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { StepTypeInfo } from '@tidewheel/contract/step-type';
import { type KeyboardEvent, useMemo, useState } from 'react';
import { isLine, isValues, readFlow, siblingsOf, type Values } from '../../../flow-editor/document/read-flow.ts';
import { renameStep } from '../../../flow-editor/document/rename-step.ts';
import { addStep, setFields } from '../../../flow-editor/document/step-edits.ts';
import { stepOfPath } from '../../../flow-editor/step-lines.ts';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { stepTypesQuery } from '../../../shared/flow-queries.ts';
import { announce } from '../../../shared/notify.ts';
import type { Draft } from '../use-draft.ts';
import { AddStepDialog } from './AddStepDialog.tsx';
import { JobForm } from './JobForm.tsx';
import { StepForm } from './StepForm.tsx';
import { StepList } from './StepList.tsx';
import classes from './StepsView.module.css';
import { type TextHistory, useTextHistory } from './use-text-history.ts';

interface StepsViewProps {
  draft: Draft;
  canEdit: boolean;
  selected: string | null;
  onSelect: (step: string | null) => void;
}

/** A flow as the list of its steps, each with its form: for people who do not draw. It edits the same text as the editor does. */
export function StepsView({ draft, canEdit, selected, onSelect }: StepsViewProps) {
  const types = useQuery(stepTypesQuery).data ?? [];
  const flow = useMemo(() => readFlow(draft.source), [draft.source]);
  const history = useTextHistory(draft.source, (next) => {
    if (readFlow(next)) draft.change(next);
    else announce('That cannot be done in the list: the document names a part of it elsewhere (an alias). Edit it in the document.');
  });
  const [adding, setAdding] = useState<string[] | null>(null);
  const [unsure, setUnsure] = useState<{ step: string; places: string[] } | null>(null);
  const step = flow?.steps.find(({ id }) => id === selected);
  if (!flow)
    return (
      <EmptyState icon={IconListCheck} title="The document cannot be read as a list">
        It is no valid YAML. Mend it in the document, or go back one change; nothing of it is lost.
      </EmptyState>
    );
  const add = ({ type, inputs }: StepTypeInfo) => {
    const added = addStep(draft.source, { use: type, takes: inputs.min > 0 }, adding ?? []);
    history.change(added.source);
    setAdding(null);
    onSelect(added.id);
  };
  const rename = (name: string) => {
    if (!step) return;
    const isExpression = (use: unknown, field: string) => fieldOf(types.find(({ type }) => type === use)?.config, field)?.['field'] === 'expression';
    const renamed = renameStep(draft.source, step.path, { name, isExpression });
    history.change(renamed.source);
    setUnsure({ step: name, places: renamed.unsure });
    onSelect(name);
  };
  const isDrawn = flow.steps.length > 0 && !isLine(siblingsOf(flow, ['steps', '']));
  const dialog = adding && <AddStepDialog types={types} onChoose={add} onClose={() => setAdding(null)} />;
  if (flow.steps.length === 0 && Object.keys(flow.values).length === 0)
    return (
      <section className="tw-card" aria-label="Steps">
        <EmptyState icon={IconListCheck} title="No steps yet" action={canEdit && <Button onClick={() => setAdding([])}>Add the first step</Button>}>
          A job does its steps one after the other: a command on a host, a query, a file to send. Choose what comes first.
        </EmptyState>
        {dialog}
      </section>
    );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys for undo and redo, beside the buttons for them
    <div className={classes['split']} onKeyDown={(event) => byKey(event, history)}>
      <section className={`tw-card ${classes['pane']}`} aria-label="Steps">
        <Group gap="xs">
          {canEdit && (
            <Button size="xs" leftSection={<IconPlus size={15} aria-hidden />} onClick={() => setAdding([])}>
              Add a step
            </Button>
          )}
          {canEdit && <UndoButtons history={history} />}
        </Group>
        <UnstyledButton className={classes['type']} mt="xs" onClick={() => onSelect(null)} aria-pressed={!step}>
          <IconForms size={20} stroke={1.6} aria-hidden />
          <span>
            <span className={classes['title']}>The job</span>
            <span className={classes['line']}>{parametersInWords(flow.parameters.length)}</span>
          </span>
        </UnstyledButton>
        <StepList
          source={draft.source}
          flow={flow}
          types={types}
          faults={draft.faults}
          canEdit={canEdit}
          selected={step?.id ?? null}
          onSelect={onSelect}
          change={history.change}
        />
        {isDrawn && (
          <Text size="xs" c="dimmed" mt="xs">
            These steps are no simple line: moving one changes its place in the text only. What each waits for is chosen in its form.
          </Text>
        )}
      </section>
      <section className={`tw-card ${classes['pane']}`} aria-label={step ? `Step ${step.id}` : 'The job'}>
        {step ? (
          <StepForm
            key={step.path.join('.')}
            flow={flow}
            step={step}
            types={types}
            faults={draft.faults.filter((fault) => stepOfPath(fault.path) === step.id)}
            canEdit={canEdit}
            unsure={unsure?.step === step.id ? unsure.places : []}
            onFields={(change) => history.change(setFields(draft.source, step.path, change), `${step.id}.${differing(change).join()}`)}
            onRename={rename}
            onAddInside={canEdit && (step.values['use'] === 'flow.steps' || step.values['steps'] !== undefined) ? () => setAdding(step.path) : null}
          />
        ) : (
          <JobForm source={draft.source} flow={flow} faults={draft.faults} canEdit={canEdit} change={history.change} />
        )}
      </section>
      {dialog}
    </div>
  );
}

function UndoButtons({ history }: { history: TextHistory }) {
  return (
    <>
      <Button size="xs" variant="default" disabled={!history.undo} leftSection={<IconArrowBackUp size={15} aria-hidden />} onClick={() => history.undo?.run()}>
        Undo
      </Button>
      <Button
        size="xs"
        variant="default"
        disabled={!history.redo}
        leftSection={<IconArrowForwardUp size={15} aria-hidden />}
        onClick={() => history.redo?.run()}
      >
        Redo
      </Button>
    </>
  );
}

function byKey(event: KeyboardEvent, { undo, redo }: TextHistory): void {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  const key = event.key.toLowerCase();
  const change = key === 'y' || (key === 'z' && event.shiftKey) ? redo : key === 'z' ? undo : undefined;
  if (!change) return;
  event.preventDefault();
  change.run();
}

/** What of a step was changed: more of the same field is one change to undo. */
function differing({ old, next }: { old: Values; next: Values }): string[] {
  const keys = [...new Set([...Object.keys(old), ...Object.keys(next)])].filter((key) => JSON.stringify(old[key]) !== JSON.stringify(next[key]));
  return keys.flatMap((key) => {
    const inner = { old: old[key], next: next[key] };
    return isValues(inner.old) && isValues(inner.next) ? differing({ old: inner.old, next: inner.next }).map((one) => `${key}.${one}`) : [key];
  });
}

function fieldOf(config: Record<string, unknown> | undefined, name: string): Record<string, unknown> | undefined {
  return (config?.['properties'] as Record<string, Record<string, unknown>> | undefined)?.[name];
}

function parametersInWords(count: number): string {
  return count === 0 ? 'Title, name; no parameters yet' : count === 1 ? 'Title, name, 1 parameter' : `Title, name, ${count} parameters`;
}
