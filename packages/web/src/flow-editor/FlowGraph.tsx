import '@xyflow/react/dist/style.css';
import { Skeleton, useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import { allSteps } from '@tidewheel/contract/flow-steps';
import { Background, Controls, type Edge, MarkerType, type Node, ReactFlow } from '@xyflow/react';
import { useMemo } from 'react';
import { ErrorNotice } from '../shared/ErrorNotice.tsx';
import { edgesOf } from './edges.ts';
import classes from './FlowGraph.module.css';
import { GroupNode } from './GroupNode.tsx';
import { type Layout, nodeSize } from './layout.ts';
import { type BelowCounts, marksOf } from './marks.ts';
import { StepNode, type StepNodeData } from './StepNode.tsx';
import { useLayout } from './use-layout.ts';

export interface StepLook {
  state?: string;
  rowsOut?: number | null;
  rejected?: number;
  hasFault?: boolean;
  /** The runs below it. */
  below?: BelowCounts | null;
}
interface FlowGraphProps {
  steps: FlowDocument['steps'];
  /** Icons by step type. */
  icons: Record<string, string>;
  looks?: Record<string, StepLook>;
  selected: string | null;
  onSelect: (step: string | null) => void;
}

const nodeTypes = { step: StepNode, group: GroupNode };
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
  return [...allSteps(steps)].map(({ id, step, inside }) => {
    const { below = null, ...look } = looks?.[id] ?? {};
    const title = step.title ?? id;
    const { x, y, width, height } = layout.positions[id] ?? { x: 0, y: 0 };
    const marks = marksOf(step, below);
    const isGroup = width !== undefined;
    const parent = inside.at(-1);
    return {
      id,
      type: isGroup ? 'group' : 'step',
      position: { x, y },
      ...(parent !== undefined && { parentId: parent }),
      selected: selected === id,
      ...(isGroup ? { width, height: height ?? nodeSize.height } : nodeSize),
      ariaLabel: [`Step ${title}`, step.use, look.state, ...marks.map((mark) => mark.title)].filter(Boolean).join(', '),
      data: { id, title, use: step.use, icon: icons[step.use], isDown: layout.shape === 'down', marks, ...look },
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
    className: [edge.isOrder && 'order', edge.on].filter(Boolean).join(' '),
    ...(edge.label ? { label: edge.label } : {}),
  }));
}
