import { Button, Text, Title } from '@mantine/core';
import { IconPin } from '@tabler/icons-react';
import type { UseMutationResult } from '@tanstack/react-query';
import type { TestResult } from '@tidewheel/contract/routes/connections';
import type { FormValues } from '../../form/form-values.ts';
import { pinnable } from '../../form/pinnable.ts';
import type { Schema } from '../../form/schema-fields.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { formatCell } from '../../shared/format.ts';
import classes from '../../shared/Split.module.css';
import { TestChecks } from '../../shared/TestChecks.tsx';
import { wordsOf } from '../../shared/words.ts';

interface TryReportProps {
  test: UseMutationResult<TestResult, Error, void>;
  schema: Schema;
  settings: FormValues;
  onPin: (settings: FormValues) => void;
}

/** What the test of unsaved settings found, and what of it can be taken into them. */
export function TryReport({ test, schema, settings, onPin }: TryReportProps) {
  const result = test.data;
  const found = pinnable({ schema, config: settings, discovered: result?.discovered ?? {} });
  return (
    <section className={`tw-card ${classes['card']}`} aria-label="Test" aria-live="polite" aria-busy={test.isPending}>
      <Title order={2}>Test</Title>
      {test.error && <ErrorNotice error={test.error} onRetry={() => test.mutate()} />}
      {!result && !test.error && (
        <Text size="sm" c="dimmed" mt={4}>
          {test.isPending ? 'Connecting…' : 'The test really signs in, with the settings as they stand here, and says which part works.'}
        </Text>
      )}
      {result && <TestChecks result={result} failed="The host cannot be used yet" />}
      {Object.entries(found).map(([name, value]) => (
        <div key={name} style={{ marginTop: 8 }}>
          <Text size="sm">
            {wordsOf(name)} of the host: <code className="tw-mono">{formatCell(value)}</code>
          </Text>
          <Text size="sm" c="dimmed">
            Compare it with what the owner of the host says before you trust it.
          </Text>
          <Button size="xs" mt={6} variant="light" leftSection={<IconPin size={14} aria-hidden />} onClick={() => onPin({ [name]: value })}>
            Pin this {wordsOf(name).toLowerCase()}
          </Button>
        </div>
      ))}
    </section>
  );
}
