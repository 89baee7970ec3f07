import { Button, Text } from '@mantine/core';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import { faultsOf } from '@tidewheel/client/problem-error';
import { AppError } from '@tidewheel/contract/errors';
import { lazy, Suspense } from 'react';
import classes from './ErrorNotice.module.css';

const RefusalReasons = lazy(async () => ({ default: (await import('./access/RefusalReasons.tsx')).RefusalReasons }));

/** What went wrong, where, what to do about it, and a way to try again. */
export function ErrorNotice({ error, onRetry, title }: { error: Error; onRetry?: () => void; title?: string }) {
  const known = error instanceof AppError ? error : null;
  const faults = known ? faultsOf(known) : [];
  return (
    <div role="alert" className={classes['notice']}>
      <IconAlertTriangle size={20} aria-hidden className={classes['icon']} />
      <div className={classes['body']}>
        {title && <Text fw={600}>{title}</Text>}
        <Text>{error.message}</Text>
        {known?.hint && (
          <Text size="sm" mt={4}>
            {known.hint}
          </Text>
        )}
        {faults.length > 0 && (
          <ul className={classes['faults']}>
            {faults.map((fault) => (
              <li key={fault.path + fault.message}>
                <code>{fault.path}</code>: {fault.message}
                {fault.hint && ` ${fault.hint}`}
              </li>
            ))}
          </ul>
        )}
        {known && (
          <Text size="xs" c="dimmed" mt={4} className="tw-mono">
            {known.code}
          </Text>
        )}
        {known?.status === 403 && known.details?.['permission'] !== undefined && (
          <Suspense fallback={null}>
            <RefusalReasons error={known} />
          </Suspense>
        )}
        {onRetry && (
          <Button mt={8} size="xs" variant="default" leftSection={<IconRefresh size={14} aria-hidden />} onClick={onRetry}>
            Try again
          </Button>
        )}
      </div>
    </div>
  );
}
