import { Spoiler, Text } from '@mantine/core';
import { IconBulb } from '@tabler/icons-react';
import type { StoredError } from '@tidewheel/contract/errors';
import { CopyButton } from '../../shared/CopyText.tsx';
import { ScrollBox } from '../../shared/ScrollBox.tsx';
import classes from './StoredErrorPanel.module.css';

/** An error as a step or run keeps it: message, what to do, and the trace for those who need it. */
export function StoredErrorPanel({ error }: { error: StoredError }) {
  const whole = [error.code, error.message, error.hint, error.stack].filter(Boolean).join('\n');
  return (
    <div className={classes['panel']} role="alert">
      <div className={classes['message']}>{error.message}</div>
      {error.hint && (
        <div className={classes['hint']}>
          <IconBulb size={17} aria-hidden style={{ flex: 'none' }} />
          <span>{error.hint}</span>
        </div>
      )}
      <div className={classes['foot']}>
        <Text size="xs" c="dimmed" className="tw-mono">
          {error.code}
          {error.retryable ? ' · may succeed when tried again' : ''}
        </Text>
        <CopyButton value={whole} label="the error" />
      </div>
      {error.details && Object.keys(error.details).length > 0 && <Trace title="Details" text={JSON.stringify(error.details, null, 2)} />}
      {error.stack && <Trace title="Stack" text={error.stack} />}
    </div>
  );
}

function Trace({ title, text }: { title: string; text: string }) {
  return (
    <Spoiler maxHeight={0} showLabel={`Show ${title.toLowerCase()}`} hideLabel={`Hide ${title.toLowerCase()}`} mt={4} styles={{ control: { fontSize: 13 } }}>
      <ScrollBox label={title} style={{ maxHeight: 260 }}>
        <pre className={classes['trace']}>{text}</pre>
      </ScrollBox>
    </Spoiler>
  );
}
