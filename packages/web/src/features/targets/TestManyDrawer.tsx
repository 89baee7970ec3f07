import { Button, Group, Progress, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { testManyTargets } from '@tidewheel/client/target-tests';
import type { TargetTested } from '@tidewheel/contract/routes/target-operations';
import type { TargetChoice } from '@tidewheel/contract/target';
import { useEffect, useRef, useState } from 'react';
import { api } from '../../shared/api.ts';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { formatDuration } from '../../shared/format.ts';
import { SideDrawer } from '../../shared/SideDrawer.tsx';

/** Tests many hosts, and shows each as it is done: those that do not work first. */
export function TestManyDrawer({ choice, which, onClose }: { choice: TargetChoice; which: string; onClose: () => void }) {
  const queries = useQueryClient();
  const [total, setTotal] = useState(0);
  const [tested, setTested] = useState<TargetTested[]>([]);
  const stop = useRef<AbortController | null>(null);
  // Whoever closes it has seen enough: the server ends what still runs.
  useEffect(() => () => stop.current?.abort(), []);
  const test = useMutation({
    mutationFn: async () => {
      setTested([]);
      stop.current = new AbortController();
      return testManyTargets(
        api,
        { choice, atOnce: 10 },
        { onBegin: setTotal, onTested: (one) => setTested((old) => [...old, one]), signal: stop.current.signal },
      );
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['targets'] }),
  });
  const failed = tested.filter(({ result }) => !result.ok);
  const rows = [...failed, ...tested.filter(({ result }) => result.ok)].slice(0, 500);
  return (
    <SideDrawer title={`Test ${which}`} onClose={onClose}>
      <Text size="sm" mb="sm">
        Each is really signed in on, ten at a time. Closing this ends the test.
      </Text>
      <Group gap="xs" mb="sm">
        <Button loading={test.isPending} onClick={() => test.mutate()}>
          {tested.length > 0 ? 'Test again' : 'Test'}
        </Button>
        {test.isPending && (
          <Button variant="default" onClick={() => stop.current?.abort()}>
            Stop
          </Button>
        )}
      </Group>
      {total > 0 && (
        <>
          <Progress value={(100 * tested.length) / total} aria-label="Tested" />
          <Text size="sm" mt={4} mb="sm" role="status">
            {tested.length} of {total} tested, {failed.length} do not work
          </Text>
        </>
      )}
      {test.error && stop.current?.signal.aborted !== true && <ErrorNotice error={test.error} />}
      {rows.map(({ name, result }) => {
        const check = result.checks.find((one) => !one.ok);
        const Icon = result.ok ? IconCircleCheck : IconCircleX;
        return (
          <Group key={name} gap={8} wrap="nowrap" align="flex-start" py={4}>
            <Icon
              size={18}
              aria-label={result.ok ? 'works' : 'does not work'}
              style={{ flexShrink: 0, marginTop: 2, color: result.ok ? 'var(--tw-ok)' : 'var(--tw-fail)' }}
            />
            <div style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
              <Link to="/targets/$target" params={{ target: name }}>
                {name}
              </Link>{' '}
              <Text span size="xs" c="dimmed">
                {formatDuration(result.ms)}
              </Text>
              {check && (
                <Text size="sm">
                  {check.name}: {check.detail}
                  {check.hint && ` ${check.hint}`}
                </Text>
              )}
            </div>
          </Group>
        );
      })}
    </SideDrawer>
  );
}
