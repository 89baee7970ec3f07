import '@xyflow/react/dist/style.css';
import { Skeleton, useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import { Background, Controls, type Edge, MarkerType, type Node, ReactFlow } from '@xyflow/react';
import { useMemo } from 'react';
import { ErrorNotice } from '../shared/ErrorNotice.tsx';
import { edgesOf } from './edges.ts';
import classes from './FlowGraph.module.css';
import { type Layout, nodeSize } from './layout.ts';
import { StepNode, type StepNodeData } from './StepNode.tsx';
import { useLayout } from './use-layout.ts';

export interface StepLook {
  state?: string;
  rowsOut?: number | null;
  rejected?: number;
  hasFault?: boolean;
}
interface FlowGraphProps {
  steps: FlowDocument['steps'];
  /** Icons by step type. */
  icons: Record<string, string>;
  looks?: Record<string, StepLook>;
  selected: string | null;
  onSelect: (step: string | null) => void;
}

const nodeTypes = { step: StepNode };
const fit = { padding: 0.08, maxZoom: 1 };

/** The graph of a flow, laid out to be read in the box it gets; in a run its steps carry their states. */
export function FlowGraph(props: FlowGraphProps) {
  const box = useElementSize();
  const { layout, key, error } = useLayout(props.steps, box);
  return (
    <div ref={box.ref} className={classes['box']}>
      {layout ? <Drawing key={key} {...props} layout={layout} /> : error ? <ErrorNotice error={error} /> : <Skeleton height="100%" radius="sm" />}
    </div>
  );
}

function Drawing({ layout, steps, icons, looks, selected, onSelect }: FlowGraphProps & { layout: Layout }) {
  const scheme = useComputedColorScheme('light');
  const nodes = useMemo(() => nodesOf({ steps, icons, looks, selected, layout }), [steps, icons, looks, selected, layout]);
  const edges = useMemo(() => drawnEdges(steps, looks), [steps, looks]);
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      colorMode={scheme}
      fitView
      fitViewOptions={fit}
      minZoom={0.15}
      maxZoom={1.5}
      nodesDraggable={false}
      nodesConnectable={false}
      edgesFocusable={false}
      deleteKeyCode={null}
      preventScrolling={false}
      zoomOnScroll={false}
      onNodeClick={(_, node) => onSelect(node.id)}
      onPaneClick={() => onSelect(null)}
      onNodesChange={(changes) => {
        for (const change of changes) if (change.type === 'select' && change.selected) onSelect(change.id);
      }}
    >
      <Background gap={16} />
      <Controls showInteractive={false} position="bottom-left" orientation="horizontal" />
    </ReactFlow>
  );
}

function nodesOf({ steps, icons, looks, selected, layout }: Omit<FlowGraphProps, 'onSelect'> & { layout: Layout }): Node<StepNodeData>[] {
  return Object.entries(steps).map(([id, step]) => {
    const look = looks?.[id];
    const title = step.title ?? id;
    return {
      id,
      type: 'step',
      position: layout.positions[id] ?? { x: 0, y: 0 },
      selected: selected === id,
      ...nodeSize,
      ariaLabel: `Step ${title}, ${step.use}${look?.state ? `, ${look.state}` : ''}`,
      data: { id, title, use: step.use, icon: icons[step.use], isDown: layout.shape === 'down', ...look },
    };
  });
}

function drawnEdges(steps: FlowDocument['steps'], looks: FlowGraphProps['looks']): Edge[] {
  return edgesOf(steps).map((edge) => ({
    id: edge.id,
    source: edge.source,
    target: edge.target,
    type: 'smoothstep',
    focusable: false,
    markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16 },
    animated: looks?.[edge.target]?.state === 'running',
    ...(edge.isOrder ? { className: 'order' } : {}),
    ...(edge.label ? { label: edge.label } : {}),
  }));
}
