import { Button, Group, NumberInput, Stack, Text, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlayerPlay } from '@tabler/icons-react';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { ColorDifference, ColorRuleTest, ColorWhatIf } from '@tidewheel/contract/routes/color-rules';
import { useState } from 'react';
import { ErrorNotice } from '../../../shared/ErrorNotice.tsx';
import { formatCount } from '../../../shared/format.ts';
import { Loaded } from '../../../shared/Loaded.tsx';
import classes from '../../../shared/Split.module.css';
import { isWhole } from './condition-words.ts';
import { rulePlayQuery, ruleTestQuery, type TriedRule } from './rules.queries.ts';
import { TriedColors } from './TriedColors.tsx';

/** What the rule finds in the buffer a moment after it was changed, and what it would have changed in past days. */
export function RuleTrial({ tried }: { tried: TriedRule }) {
  const [settled] = useDebouncedValue(tried, 500);
  const isReady = isWhole(settled.condition);
  const test = useQuery({ ...ruleTestQuery(settled), enabled: isReady });
  return (
    <section className={`tw-card ${classes['card']}`} aria-label="What it finds">
      <Stack gap="sm">
        <Title order={2}>In the buffer now</Title>
        {isReady ? <Found kind={settled.kind} test={test} /> : <Text size="sm">Fill in all values to see what it finds.</Text>}
        {isWhole(tried.condition) && <PastDays tried={tried} />}
      </Stack>
    </section>
  );
}

function Found({ kind, test }: { kind: TriedRule['kind']; test: UseQueryResult<ColorRuleTest, Error> }) {
  if (test.error) return <ErrorNotice error={test.error} onRetry={() => void test.refetch()} />;
  return (
    <Loaded query={test}>
      {(found) => (
        <>
          <Text size="sm" role="status">
            {foundWords(kind, found)}
          </Text>
          {found.first.length > 0 && <TriedColors label="Colors that fit" rows={found.first.map((row, at) => ({ key: String(at), row }))} />}
        </>
      )}
    </Loaded>
  );
}

function foundWords(kind: TriedRule['kind'], { rows, matches, decides, left, isCapped }: ColorRuleTest): string {
  if (rows === 0) return 'Nothing waits in the buffer.';
  const of = `${formatCount(rows)}${isCapped ? ' (the first of more)' : ''}`;
  const effect = kind === 'exclude' ? 'excludes' : 'colours';
  return `It fits ${formatCount(matches)} of ${of} and ${effect} ${formatCount(decides)}. All active rules together leave ${formatCount(left)}.`;
}

function PastDays({ tried }: { tried: TriedRule }) {
  const [days, setDays] = useState(5);
  const [asked, setAsked] = useState<{ days: number; tried: TriedRule } | null>(null);
  // What was found for the rule as it was before says nothing of the one that stands there now.
  const isOfNow = asked !== null && JSON.stringify(asked.tried) === JSON.stringify(tried);
  const { data, error, isFetching } = useQuery({ ...rulePlayQuery(asked?.tried ?? tried, asked?.days ?? days), enabled: isOfNow });
  const played = isOfNow ? data : undefined;
  return (
    <Stack gap="sm">
      <Title order={2}>In the last days</Title>
      <Group gap="xs" align="end">
        <NumberInput label="Days" w={90} min={1} max={60} allowDecimal={false} value={days} onChange={(value) => setDays(Number(value) || 1)} />
        <Button variant="default" leftSection={<IconPlayerPlay size={16} aria-hidden />} loading={isFetching} onClick={() => setAsked({ days, tried })}>
          Show what would differ
        </Button>
      </Group>
      {isOfNow && error && <ErrorNotice error={error} />}
      {played && (
        <>
          <Text size="sm" role="status">
            {played.processings.length === 0 ? 'Nothing was processed in these days.' : playedWords(played)}
          </Text>
          {played.first.length > 0 && (
            <TriedColors
              label="Colors that would differ"
              rows={played.first.map((one) => ({ key: `${one.processing} ${one.line}`, row: one.row, note: differenceWords(one) }))}
            />
          )}
        </>
      )}
    </Stack>
  );
}

function playedWords({ differ, moved, rows, processings }: ColorWhatIf): string {
  const where = processings.length === 1 ? '1 processing' : `${formatCount(processings.length)} processings`;
  const further = moved === 0 ? '' : `; ${formatCount(moved)} more only move`;
  return `${formatCount(differ)} of ${formatCount(rows)} rows in ${where} would differ${further}.`;
}

function differenceWords({ what, processing, line, before, after }: ColorDifference): string {
  const words = {
    excluded: 'excluded',
    back: `back, in line ${after.position}`,
    otherRule: 'excluded by another rule',
    color: `${before.color ?? 'no colour'} becomes ${after.color ?? 'no colour'}`,
    place: after.child === 0 ? 'becomes a parent' : 'becomes a child',
    moved: `moves from position ${before.position} to ${after.position}`,
  };
  return `${words[what]} (processing ${processing}, line ${line})`;
}
