import { Text } from '@mantine/core';
import { IconCircleCheck, IconCircleDashed, IconCircleX } from '@tabler/icons-react';
import type { TestResult } from '@tidewheel/contract/routes/connections';
import type { ReactNode } from 'react';
import { formatDuration } from './format.ts';
import classes from './TestChecks.module.css';

interface TestChecksProps {
  result: Pick<TestResult, 'ok' | 'ms' | 'checks'>;
  /** What it says when a check failed. */
  failed: string;
  /** What the test could not try. */
  notProven?: readonly string[];
}

/** What a test found, one check at a time. */
export function TestChecks({ result, failed, notProven = [] }: TestChecksProps) {
  return (
    <>
      <Text size="sm" mt={4} c={result.ok ? 'var(--tw-ok)' : 'var(--tw-fail)'} fw={600}>
        {result.ok ? 'All checks passed' : failed} ({formatDuration(result.ms)})
      </Text>
      <ul className={classes['checks']}>
        {result.checks.map(({ name, ok, detail, hint }) => (
          <Check
            key={name}
            state={ok}
            icon={ok ? <IconCircleCheck size={18} aria-label="passed" /> : <IconCircleX size={18} aria-label="failed" />}
            name={name}
          >
            <Text size="sm">{detail}</Text>
            {hint && (
              <Text size="sm" c="dimmed">
                {hint}
              </Text>
            )}
          </Check>
        ))}
        {notProven.map((what) => (
          <Check key={what} state="open" icon={<IconCircleDashed size={18} aria-label="not proven" />} name="Not proven">
            <Text size="sm">{what}</Text>
          </Check>
        ))}
      </ul>
    </>
  );
}

function Check({ state, icon, name, children }: { state: boolean | 'open'; icon: ReactNode; name: string; children: ReactNode }) {
  return (
    <li data-ok={state}>
      {icon}
      <div>
        <Text fw={600} size="sm">
          {name}
        </Text>
        {children}
      </div>
    </li>
  );
}
