import { Text } from '@mantine/core';
import type { EdgeChange, FlowDiff, StepChange, TextDiff, ValueChange } from '@tidewheel/contract/flow-diff';
import { ScrollBox } from '../../shared/ScrollBox.tsx';
import classes from './FlowDiffView.module.css';

const words = { added: 'added', removed: 'removed', changed: 'changed', renamed: 'renamed' } as const;

/** What changed by meaning: the head, parameters, then steps. */
export function FlowDiffView({ diff }: { diff: FlowDiff }) {
  return (
    <div className={classes['diff']}>
      {diff.document.length > 0 && (
        <section>
          <Text fw={600}>The flow</Text>
          <Values changes={diff.document} />
        </section>
      )}
      {diff.parameters.map(({ kind, name, changes }) => (
        <section key={name} data-kind={kind}>
          <Text fw={600}>
            Parameter <code>{name}</code> <span className={classes['kind']}>{words[kind]}</span>
          </Text>
          {kind === 'changed' && <Values changes={changes} />}
        </section>
      ))}
      {diff.steps.map((step) => (
        <Step key={`${step.kind} ${step.step}`} change={step} />
      ))}
    </div>
  );
}

function Step({ change: { kind, step, was, use, changes, edges } }: { change: StepChange }) {
  return (
    <section data-kind={kind}>
      <Text fw={600}>
        Step <code>{was === null ? step : `${was} → ${step}`}</code> <span className={classes['kind']}>{words[kind]}</span>{' '}
        <Text component="span" size="xs" c="dimmed">
          {use}
        </Text>
      </Text>
      <Values changes={changes} />
      {edges.length > 0 && (
        <ul>
          {edges.map((edge) => (
            <li key={edgeText(edge)} data-kind={edge.kind}>
              <code>{edgeText(edge)}</code> <span className={classes['kind']}>{words[edge.kind]}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function edgeText({ as, input, step }: EdgeChange): string {
  return `${as}${input === null || input === 'input' ? '' : ` ${input}`}: ${step}`;
}

function Values({ changes }: { changes: ValueChange[] }) {
  if (changes.length === 0) return null;
  return (
    <dl>
      {changes.map(({ path, kind, before, after }) => (
        <div key={path}>
          <dt>
            <code>{path}</code>
          </dt>
          <dd>
            {kind !== 'added' && <del>{shown(before)}</del>}
            {kind !== 'removed' && <ins>{shown(after)}</ins>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const signs = { same: ' ', added: '+', removed: '-' } as const;

/** What changed line by line. */
export function TextDiffView({ diff }: { diff: TextDiff }) {
  if (diff.hunks.length === 0) return <Text c="dimmed">The texts are the same.</Text>;
  return (
    <ScrollBox label="Changed lines" style={{ maxHeight: 520 }}>
      <pre className={classes['text']}>
        {diff.hunks.map((hunk) => (
          <div key={`${hunk.before} ${hunk.after}`}>
            <div className={classes['place']}>
              line {hunk.before}, now {hunk.after}
            </div>
            {numbered(hunk.lines).map(({ at, kind, text }) => (
              <div key={at} data-kind={kind}>
                {signs[kind]} {text}
              </div>
            ))}
          </div>
        ))}
      </pre>
    </ScrollBox>
  );
}

function numbered(lines: TextDiff['hunks'][number]['lines']) {
  return lines.map((line, at) => ({ ...line, at }));
}
