import { Text, VisuallyHidden } from '@mantine/core';
import classes from './ValueDiff.module.css';
import { type LineChange, nearChanges, type ValueChange, valueChanges } from './value-diff.ts';

/** Before and after as what changed between them. */
export function ValueDiff({ before, after }: { before: unknown; after: unknown }) {
  const changes = valueChanges(before, after);
  if (changes.length === 0)
    return (
      <Text size="sm" c="dimmed">
        Nothing was changed by it.
      </Text>
    );
  return changes.map((change) => (
    <div key={change.path} className={classes['change']}>
      {change.path !== '' && <div className={classes['path']}>{change.path}</div>}
      {linesOf(change).map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines never move
        <DiffLine key={at} line={line} />
      ))}
    </div>
  ));
}

const marks = { same: ' ', removed: '−', added: '+' } as const;
const words = { same: '', removed: 'before: ', added: 'after: ' } as const;

function DiffLine({ line }: { line: LineChange | null }) {
  if (line === null) return <pre className={classes['line']}>…</pre>;
  return (
    <pre className={classes['line']} data-kind={line.kind}>
      <span aria-hidden>{marks[line.kind]} </span>
      <VisuallyHidden>{words[line.kind]}</VisuallyHidden>
      {line.text}
    </pre>
  );
}

function linesOf({ before, after, lines }: ValueChange): (LineChange | null)[] {
  if (lines) return nearChanges(lines);
  const side = (kind: LineChange['kind'], text: string | undefined): LineChange[] =>
    text === undefined ? [] : text.split('\n').map((one) => ({ kind, text: one }));
  return [...side('removed', before), ...side('added', after)];
}
