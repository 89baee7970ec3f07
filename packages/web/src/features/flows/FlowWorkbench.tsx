import { SegmentedControl, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useState } from 'react';
import { lineOfStep, stepOfPath } from '../../flow-editor/step-lines.ts';
import { stepTypesQuery } from '../../shared/flow-queries.ts';
import { FaultList } from './FaultList.tsx';
import classes from './FlowWorkbench.module.css';
import type { Draft } from './use-draft.ts';

const FlowGraph = lazy(async () => ({ default: (await import('../../flow-editor/FlowGraph.tsx')).FlowGraph }));
const YamlEditor = lazy(async () => ({ default: (await import('../../flow-editor/YamlEditor.tsx')).YamlEditor }));
const StepsView = lazy(async () => ({ default: (await import('./steps/StepsView.tsx')).StepsView }));

export type FlowView = 'steps' | undefined;

interface FlowWorkbenchProps {
  draft: Draft;
  canEdit: boolean;
  selected: string | null;
  onSelect: (step: string | null) => void;
  /** Kept in the address. */
  view: FlowView;
  onView: (view: FlowView) => void;
}

/** A flow while it is written: drawn, with its text beside it, or as the list of its steps. All show the same draft. */
export function FlowWorkbench({ view, onView, ...rest }: FlowWorkbenchProps) {
  return (
    <>
      <SegmentedControl
        size="xs"
        mb="xs"
        aria-label="How the flow is shown"
        data={[
          { value: 'drawn', label: 'Graph and document' },
          { value: 'steps', label: 'List of steps' },
        ]}
        value={view ?? 'drawn'}
        onChange={(next) => onView(next === 'steps' ? 'steps' : undefined)}
      />
      {view === 'steps' ? <ListedFlow {...rest} /> : <DrawnFlow {...rest} />}
    </>
  );
}

type ShownFlow = Omit<FlowWorkbenchProps, 'view' | 'onView'>;

function ListedFlow(props: ShownFlow) {
  return (
    <>
      <Suspense fallback={<Skeleton height={420} radius="sm" />}>
        <StepsView {...props} />
      </Suspense>
      <div className={`tw-card ${classes['below']}`}>
        <FaultList draft={props.draft} onJump={(line) => props.onSelect(stepAtLine(props.draft, line))} />
      </div>
    </>
  );
}

function stepAtLine(draft: Draft, line: number): string | null {
  const fault = draft.faults.find((one) => one.line === line);
  return fault ? stepOfPath(fault.path) : null;
}

function DrawnFlow({ draft, canEdit, selected, onSelect }: ShownFlow) {
  const types = useQuery(stepTypesQuery);
  const icons = useMemo(() => Object.fromEntries((types.data ?? []).map((type) => [type.type, type.icon])), [types.data]);
  const [jump, setJump] = useState<{ line: number } | null>(null);
  const looks = useMemo(
    () => Object.fromEntries(draft.faults.filter((fault) => fault.severity !== 'warning').map((fault) => [stepOfPath(fault.path) ?? '', { hasFault: true }])),
    [draft.faults],
  );
  const select = (step: string | null) => {
    onSelect(step);
    const line = step === null ? null : lineOfStep(draft.source, step);
    if (line !== null) setJump({ line });
  };
  return (
    <div className={classes['split']}>
      <section className={`tw-card ${classes['pane']}`} aria-label="Graph">
        {draft.document ? (
          <Suspense fallback={<Skeleton height="100%" radius="sm" />}>
            <FlowGraph steps={draft.document.steps} icons={icons} looks={looks} selected={selected} onSelect={select} />
          </Suspense>
        ) : (
          <p className={classes['none']}>The graph appears here as soon as the document can be read.</p>
        )}
      </section>
      <section className={`tw-card ${classes['pane']} ${classes['text']}`} aria-label="Document">
        <Suspense fallback={<Skeleton height="100%" radius="sm" />}>
          <YamlEditor value={draft.source} onChange={draft.change} isReadOnly={!canEdit} faults={draft.faults} jump={jump} />
        </Suspense>
        <FaultList draft={draft} onJump={(line) => setJump({ line })} />
      </section>
    </div>
  );
}
