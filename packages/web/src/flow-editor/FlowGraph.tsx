import '@xyflow/react/dist/style.css';
import { Skeleton, useComputedColorScheme } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import { Background, Controls, type Edge, MarkerType, type Node, ReactFlow } from '@xyflow/react';
import { useMemo } from 'react';
import { edgesOf } from './edges.ts';
import classes from './FlowGraph.module.css';
import { nodeSize, type Positions } from './layout.ts';
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

/** The graph of a flow, laid out; in a run its steps carry their states. */
export function FlowGraph(props: FlowGraphProps) {
  const isPhone = useMediaQuery('(max-width: 48em)');
  const scheme = useComputedColorScheme('light');
  const { positions, key } = useLayout(props.steps, isPhone ? 'DOWN' : 'RIGHT');
  const nodes = useMemo(() => (positions ? nodesOf(props, positions, isPhone) : []), [props, positions, isPhone]);
  const edges = useMemo(() => drawnEdges(props.steps, props.looks), [props.steps, props.looks]);
  if (!positions) return <Skeleton height="100%" radius="sm" aria-label="Laying out the graph" />;
  return (
    <div className={classes['box']}>
      <ReactFlow
        key={key}
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
        zoomOnPinch
        panOnScroll={false}
        onNodeClick={(_, node) => props.onSelect(node.id)}
        onPaneClick={() => props.onSelect(null)}
        onNodesChange={(changes) => {
          for (const change of changes) if (change.type === 'select' && change.selected) props.onSelect(change.id);
        }}
      >
        <Background gap={16} />
        <Controls showInteractive={false} position="bottom-right" />
      </ReactFlow>
    </div>
  );
}

function nodesOf(props: FlowGraphProps, positions: Positions, isDown: boolean): Node<StepNodeData>[] {
  return Object.entries(props.steps).map(([id, step]) => {
    const look = props.looks?.[id];
    const title = step.title ?? id;
    return {
      id,
      type: 'step',
      position: positions[id] ?? { x: 0, y: 0 },
      selected: props.selected === id,
      ...nodeSize,
      ariaLabel: `Step ${title}, ${step.use}${look?.state ? `, ${look.state}` : ''}`,
      data: { id, title, use: step.use, icon: props.icons[step.use], isDown, ...look },
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
