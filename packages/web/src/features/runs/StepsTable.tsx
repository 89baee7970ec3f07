import { UnstyledButton } from '@mantine/core';
import type { Run, StepRun } from '@tidewheel/contract/run';
import { DataTable, type TableColumn } from '../../shared/DataTable.tsx';
import { Elapsed } from '../../shared/Elapsed.tsx';
import { formatCount } from '../../shared/format.ts';
import { StatusBadge } from '../../shared/StatusBadge.tsx';
import { BelowBar } from './BelowBar.tsx';
import { StepProgressBar } from './StepProgressBar.tsx';
import classes from './StepsTable.module.css';

const count = (value: number | null | undefined) => (value === null || value === undefined ? '–' : formatCount(value));

/** Every step with its state, time and rows. */
export function StepsTable({ run, selected, onSelect }: { run: Run; selected: string | null; onSelect: (step: string) => void }) {
  const columns: TableColumn<StepRun>[] = [
    {
      key: 'step',
      title: 'Step',
      isHead: true,
      render: (step) => (
        <UnstyledButton className={classes['name']} onClick={() => onSelect(step.step)} aria-pressed={step.step === selected}>
          <span>{step.step}</span>
          <span className={classes['use']}>{step.use}</span>
        </UnstyledButton>
      ),
    },
    {
      key: 'state',
      title: 'State',
      render: (step) => (
        <>
          <StatusBadge state={step.state} bare />
          {step.attempt > 1 && <span className={classes['use']}> attempt {step.attempt}</span>}
          {step.children ? <BelowBar step={step} /> : <StepProgressBar step={step} />}
          {step.reusedFrom && <span className={classes['use']}> taken over</span>}
        </>
      ),
    },
    { key: 'time', title: 'Duration', align: 'right', render: (step) => <Elapsed startedAt={step.startedAt} finishedAt={step.finishedAt} /> },
    { key: 'in', title: 'Rows in', align: 'right', render: (step) => count(step.counts?.rowsIn) },
    { key: 'out', title: 'Rows out', align: 'right', render: (step) => count(step.counts?.rowsOut) },
    { key: 'dropped', title: 'Dropped', align: 'right', render: (step) => count(step.counts?.dropped) },
    {
      key: 'rejected',
      title: 'Rejected',
      align: 'right',
      render: (step) => <span className={step.counts?.rejected ? classes['warning'] : undefined}>{count(step.counts?.rejected)}</span>,
    },
  ];
  return <DataTable label="Steps" columns={columns} rows={run.steps} rowKey={(step) => step.step} isSelected={(step) => step.step === selected} />;
}
