import { Button, Text, Title } from '@mantine/core';
import { IconPin } from '@tabler/icons-react';
import type { UseMutationResult } from '@tanstack/react-query';
import type { TestResult } from '@tidewheel/contract/routes/connections';
import { ErrorNotice } from '../shared/ErrorNotice.tsx';
import { formatCell } from '../shared/format.ts';
import classes from '../shared/Split.module.css';
import { TestChecks } from '../shared/TestChecks.tsx';
import { wordsOf } from '../shared/words.ts';
import type { FormValues } from './form-values.ts';
import { pinnable } from './pinnable.ts';
import type { Schema } from './schema-fields.ts';

interface TestReportProps {
  test: Pick<UseMutationResult<TestResult, Error, void>, 'data' | 'error' | 'isPending' | 'mutate'>;
  schema: Schema;
  settings: FormValues;
  /** `server`, `host` */
  of: string;
  words: { busy: string; before: string; failed: string };
  onPin: (settings: FormValues) => void;
}

/** What the test of unsaved settings found, one check at a time, and what of it can be taken into them. */
export function TestReport({ test, schema, settings, of, words, onPin }: TestReportProps) {
  const result = test.data;
  const found = pinnable({ schema, config: settings, discovered: result?.discovered ?? {} });
  return (
    <section className={`tw-card ${classes['card']}`} aria-label="Test" aria-live="polite" aria-busy={test.isPending}>
      <Title order={2}>Test</Title>
      {test.error && <ErrorNotice error={test.error} onRetry={() => test.mutate()} />}
      {!result && !test.error && (
        <Text size="sm" c="dimmed" mt={4}>
          {test.isPending ? words.busy : words.before}
        </Text>
      )}
      {result && <TestChecks result={{ ...result, checks: result.checks.map(capitalized) }} failed={words.failed} />}
      {Object.entries(found).map(([name, value]) => (
        <div key={name} style={{ marginTop: 8 }}>
          <Text size="sm">
            {wordsOf(name)} of the {of}: <code className="tw-mono">{formatCell(value)}</code>
          </Text>
          <Text size="sm" c="dimmed">
            Compare it with what the owner of the {of} says before you trust it.
          </Text>
          <Button size="xs" mt={6} variant="light" leftSection={<IconPin size={14} aria-hidden />} onClick={() => onPin({ [name]: value })}>
            Pin this {wordsOf(name).toLowerCase()}
          </Button>
        </div>
      ))}
    </section>
  );
}

function capitalized(check: TestResult['checks'][number]) {
  return { ...check, name: check.name.charAt(0).toUpperCase() + check.name.slice(1) };
}
