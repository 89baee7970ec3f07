// What a new flow can start from: an empty frame, or one step type with its own example.
import type { StepTypeInfo } from '@tidewheel/contract/step-type';
import { colorExamples } from './color-flows.ts';
import { diskAuditFlow, patchCheckFlow, rollingRestartFlow } from './linux-flows.ts';
import { windowsServiceFlow } from './windows-service-flow.ts';

export interface FlowExample {
  title: string;
  source: string;
}

export const emptyFlow = `# A flow names its steps; \`from\` says where a step gets its table or file.
flow: my-flow
title: My flow
kind: pipeline
timeZone: UTC
parameters:
  state: { type: string, default: CA }
steps:
  airports:
    use: table.read
    with: { connection: demo-data, path: airports.csv, format: csv }
  chosen:
    use: table.filter
    from: airports
    with: { where: 'state = :state' }
  out:
    use: table.write
    from: chosen
    with: { name: airports.csv, format: csv, orderBy: [iata] }
`;

/** Work on hosts. */
export const jobExamples: FlowExample[] = [
  { title: 'Restart a Windows service and report its state', source: windowsServiceFlow },
  { title: 'Restart a service on many hosts, in waves', source: rollingRestartFlow },
  { title: 'Patch check on Linux', source: patchCheckFlow },
  { title: 'Disk space audit to Excel', source: diskAuditFlow },
];

/** Whole flows first, then one per example of each step type that stands alone. */
export function flowExamples(types: StepTypeInfo[]): FlowExample[] {
  const alone = types.filter((type) => type.inputs.min === 0);
  return [
    { title: 'Read, filter, write a table', source: emptyFlow },
    ...jobExamples,
    ...colorExamples,
    ...alone.flatMap((type) => type.examples.map((example) => ({ title: `${type.title}: ${example.title}`, source: sourceOf(type, example) }))),
  ];
}

function sourceOf(type: StepTypeInfo, example: StepTypeInfo['examples'][number]): string {
  const step = type.type.split('.').pop()?.replace(/\W/g, '') ?? 'step';
  // JSON is YAML: the example's configuration needs no writer of its own.
  const config = Object.entries(example.config)
    .map(([key, value]) => `      ${key}: ${JSON.stringify(value)}`)
    .join('\n');
  return `flow: my-flow\ntitle: ${JSON.stringify(example.title)}\nkind: pipeline\nsteps:\n  ${step}:\n    use: ${type.type}\n    with:\n${config}\n`;
}
