import { ActionIcon, Tooltip } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';

/** A value as it is, with a button that copies it. `short` shows only its first characters. */
export function CopyText({ value, label, short }: { value: string; label: string; short?: number }) {
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 2, minWidth: 0 }}>
      <Tooltip label={value} disabled={short === undefined}>
        <code className="tw-mono" style={short === undefined ? undefined : { whiteSpace: 'nowrap' }}>
          {short === undefined ? value : `${value.slice(0, short)}…`}
        </code>
      </Tooltip>
      <CopyButton value={value} label={label} />
    </span>
  );
}

export function CopyButton({ value, label }: { value: string; label: string }) {
  const clipboard = useClipboard({ timeout: 1_500 });
  return (
    <Tooltip label={clipboard.copied ? 'Copied' : `Copy ${label}`}>
      <ActionIcon variant="subtle" color="gray" size={24} aria-label={`Copy ${label}`} onClick={() => clipboard.copy(value)}>
        {clipboard.copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
      </ActionIcon>
    </Tooltip>
  );
}
