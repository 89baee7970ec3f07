import { Group, Modal, SegmentedControl, Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { FlowComparison, VersionName } from '@tidewheel/contract/routes/flow-versions';
import type { FlowSummary } from '@tidewheel/contract/routes/flows';
import { useState } from 'react';
import { Loaded } from '../../shared/Loaded.tsx';
import { Time } from '../../shared/Time.tsx';
import { FlowDiffView, TextDiffView } from './FlowDiffView.tsx';
import { diffQuery } from './flows.queries.ts';

export interface Sides {
  from: VersionName;
  to: VersionName;
}

/** Two versions of a flow, or one and the draft, side by side. */
export function CompareDialog({ flow, sides, onClose }: { flow: Pick<FlowSummary, 'slug' | 'version' | 'draft'>; sides: Sides; onClose: () => void }) {
  const [{ from, to }, setSides] = useState(sides);
  const [view, setView] = useState('meaning');
  const query = useQuery(diffQuery(flow.slug, { from, to }));
  const names = [...(flow.draft ? ['draft'] : []), ...Array.from({ length: flow.version }, (_, at) => String(flow.version - at))];
  const choices = names.map((value) => ({ value, label: value === 'draft' ? 'Draft' : `Version ${value}` }));
  const pick = (side: keyof Sides) => (value: string | null) =>
    value !== null && setSides((old) => ({ ...old, [side]: value === 'draft' ? value : Number(value) }));
  return (
    <Modal opened onClose={onClose} title={`Compare versions of ${flow.slug}`} size="xl">
      <Group gap="xs" mb="sm">
        <Select size="xs" w={140} aria-label="From" searchable allowDeselect={false} data={choices} value={String(from)} onChange={pick('from')} />
        <Text size="sm">to</Text>
        <Select size="xs" w={140} aria-label="To" searchable allowDeselect={false} data={choices} value={String(to)} onChange={pick('to')} />
        <SegmentedControl
          size="xs"
          aria-label="Compare by"
          data={[
            { value: 'meaning', label: 'By step' },
            { value: 'text', label: 'Text' },
          ]}
          value={view}
          onChange={setView}
        />
      </Group>
      <Loaded query={query}>{(comparison) => <Comparison comparison={comparison} asText={view === 'text'} />}</Loaded>
    </Modal>
  );
}

function Comparison({ comparison, asText }: { comparison: FlowComparison; asText: boolean }) {
  const { from, to, same, changes, text } = comparison;
  return (
    <>
      <Text size="xs" c="dimmed" mb="xs" component="div">
        {from.by}, <Time at={from.at} /> → {to.by}, <Time at={to.at} /> · lines: {text.added} added, {text.removed} removed
      </Text>
      {asText && <TextDiffView diff={text} />}
      {!asText && changes === null && <Text>The draft cannot be read as a flow document: only the texts can be compared.</Text>}
      {!asText && same && <Text>{text.hunks.length === 0 ? 'They are the same.' : 'They mean the same; only the text differs.'}</Text>}
      {!asText && changes && !same && <FlowDiffView diff={changes} />}
    </>
  );
}
