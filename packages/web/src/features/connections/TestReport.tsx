import { Button, Text, Title } from '@mantine/core';
import { IconPin } from '@tabler/icons-react';
import type { UseMutationResult } from '@tanstack/react-query';
import type { TestResult } from '@tidewheel/contract/routes/connections';
import type { ConnectorInfo } from '@tidewheel/contract/step-type';
import type { FormValues } from '../../form/form-values.ts';
import { pinnable } from '../../form/pinnable.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { formatCell } from '../../shared/format.ts';
import classes from '../../shared/Split.module.css';
import { TestChecks } from '../../shared/TestChecks.tsx';
import { wordsOf } from '../../shared/words.ts';

interface TestReportProps {
  test: UseMutationResult<TestResult, Error, void>;
  connector: ConnectorInfo;
  config: FormValues;
  onPin: (settings: FormValues) => void;
}

/** What the test found, one check at a time, and what of it can be taken into the settings. */
export function TestReport({ test, connector, config, onPin }: TestReportProps) {
  const result = test.data;
  const found = pinnable({ schema: connector.config, config, discovered: result?.discovered ?? {} });
  return (
    <section className={`tw-card ${classes['card']}`} aria-label="Test" aria-live="polite" aria-busy={test.isPending}>
      <Title order={2}>Test</Title>
      {test.error && <ErrorNotice error={test.error} onRetry={() => test.mutate()} />}
      {!result && !test.error && (
        <Text size="sm" c="dimmed" mt={4}>
          {test.isPending ? 'Connecting…' : 'The test really connects, with the settings as they stand here, and says what works.'}
        </Text>
      )}
      {result && (
        <>
          <TestChecks result={{ ...result, checks: result.checks.map(capitalized) }} failed="The connection does not work yet" />
          {Object.entries(found).map(([name, value]) => (
            <div key={name} style={{ marginTop: 8 }}>
              <Text size="sm">
                {wordsOf(name)} of the server: <code className="tw-mono">{formatCell(value)}</code>
              </Text>
              <Text size="sm" c="dimmed">
                Compare it with what the owner of the server says before you trust it.
              </Text>
              <Button size="xs" mt={6} variant="light" leftSection={<IconPin size={14} aria-hidden />} onClick={() => onPin({ [name]: value })}>
                Pin this {wordsOf(name).toLowerCase()}
              </Button>
            </div>
          ))}
        </>
      )}
    </section>
  );
}

function capitalized(check: TestResult['checks'][number]) {
  return { ...check, name: check.name.charAt(0).toUpperCase() + check.name.slice(1) };
}
