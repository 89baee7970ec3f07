import { UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import classes from './FlowWorkbench.module.css';
import { countFaults } from './flows.queries.ts';
import type { Draft } from './use-draft.ts';

/** What is wrong with the draft, each fault with the line to go to. */
export function FaultList({ draft, onJump }: { draft: Draft; onJump: (line: number) => void }) {
  const failure = draft.keeping.error ?? (draft.faults.length === 0 ? draft.save.error : null);
  if (failure)
    return (
      <div className={classes['faults']}>
        <ErrorNotice error={failure} />
      </div>
    );
  if (draft.checkError)
    return (
      <div className={classes['faults']}>
        <ErrorNotice error={draft.checkError} onRetry={draft.check} />
      </div>
    );
  if (!draft.isDirty && draft.faults.length === 0) return null;
  const { errors, warnings } = countFaults(draft.faults);
  const summary = draft.isChecking
    ? 'Checking…'
    : errors + warnings === 0
      ? 'No faults'
      : [count(errors, 'fault'), count(warnings, 'warning')].filter(Boolean).join(', ');
  return (
    <section className={classes['faults']} aria-label="Faults">
      <div className={classes['state']} data-tone={errors + warnings === 0 && !draft.isChecking ? 'ok' : undefined} role="status">
        {errors + warnings === 0 && !draft.isChecking && <IconCircleCheck size={16} aria-hidden />}
        {summary}
      </div>
      <ul>
        {draft.faults.map((fault) => (
          <li key={`${fault.path} ${fault.message}`}>
            <UnstyledButton className={classes['fault']} data-severity={fault.severity} onClick={() => fault.line !== undefined && onJump(fault.line)}>
              {fault.severity === 'warning' ? <IconAlertTriangle size={16} aria-label="Warning" /> : <IconCircleX size={16} aria-label="Fault" />}
              <span className={classes['line']}>{fault.line === undefined ? '' : `Line ${fault.line}`}</span>
              <span>
                <code>{fault.path}</code> {fault.message}
                {fault.hint && <> {fault.hint}</>}
              </span>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </section>
  );
}

function count(number: number, what: string): string {
  return number === 0 ? '' : `${number} ${what}${number === 1 ? '' : 's'}`;
}
