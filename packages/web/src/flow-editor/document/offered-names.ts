// What can be written inside `{{ }}` of a step: the names it sees, for completion.
import type { StepTypeInfo } from '@tidewheel/contract/step-type';
import type { OfferedName } from '../../form/completion.ts';
import { beforeOf, isValues, type ListedStep, type ReadFlow, siblingsOf, textIn, valuesIn } from './read-flow.ts';

const always: OfferedName[] = [
  { name: 'today', title: 'Date of the start, as text' },
  { name: 'now', title: 'Instant of the start' },
  { name: 'run.id', title: 'The run' },
  { name: 'run.number', title: 'Its number' },
  { name: 'run.flow', title: 'The flow' },
  { name: 'run.startedBy', title: 'Who or what started it' },
  { name: 'today.addDays(-1)', title: 'Days before or after' },
  { name: 'calendar("TARGET").previous(today)', title: 'Business days of a calendar' },
  { name: 'json()', title: 'As JSON text' },
  { name: 'string()', title: 'As text' },
  { name: 'size()', title: 'How many' },
];
const ofItems: OfferedName[] = [
  { name: 'item', title: 'The item' },
  { name: 'index', title: 'Its place, from 0' },
];

export function offeredNames({ flow, step, types }: { flow: ReadFlow; step: ListedStep; types: readonly StepTypeInfo[] }): OfferedName[] {
  const around = flow.steps.filter((one) => one.path.length <= step.path.length && one.path.every((key, index) => step.path[index] === key));
  const parameters = flow.parameters.map(([name, values]) => ({ name, title: textIn(values, 'title') ?? 'Parameter' }));
  const before = [...new Set(around.flatMap((one) => reached(flow, one)))];
  const results = before.flatMap((one) =>
    resultsOf(
      one,
      types.find(({ type }) => type === one.values['use']),
    ),
  );
  return [...parameters, ...(around.some(({ values }) => isValues(values['each'])) ? ofItems : []), ...results, ...always];
}

/** The steps that it comes after, near and far, the nearest first. */
function reached(flow: ReadFlow, step: ListedStep): ListedStep[] {
  const level = new Map(siblingsOf(flow, step.path).map((one) => [one.id, one]));
  const found = new Map<string, ListedStep>();
  const next = beforeOf(step.values);
  for (let id = next.shift(); id !== undefined; id = next.shift()) {
    const one = level.get(id);
    if (!one || found.has(id) || id === step.id) continue;
    found.set(id, one);
    next.push(...beforeOf(one.values));
  }
  return [...found.values()];
}

function resultsOf({ id, values }: ListedStep, type: StepTypeInfo | undefined): OfferedName[] {
  const title = textIn(values, 'title') ?? type?.title ?? id;
  const fields = Object.keys(valuesIn(type?.output ?? {}, 'properties')).map((field) => ({ name: `steps.${id}.value.${field}`, title }));
  const carried = type?.produces === 'table' ? ['rows', 'rejected'] : type?.produces === 'file' ? ['files'] : [];
  return [...fields, ...['value', 'state', ...carried].map((part) => ({ name: `steps.${id}.${part}`, title }))];
}
