import { Button, Group, Stack, Text } from '@mantine/core';
import { CopyButton } from '../../shared/CopyText.tsx';

/** The codes, this once. null: it was not the first second factor, so those before go on working. */
export function RecoveryCodes({ codes, onClose }: { codes: string[] | null; onClose: () => void }) {
  if (codes === null)
    return (
      <Stack gap="sm">
        <Text size="sm">Done. The recovery codes that you have go on working.</Text>
        <Group justify="flex-end">
          <Button onClick={onClose}>Close</Button>
        </Group>
      </Stack>
    );
  return (
    <Stack gap="sm">
      <Text size="sm">Keep these recovery codes where you find them without your device. Each signs you in once; they are not shown again.</Text>
      <Group align="flex-start" justify="space-between" wrap="nowrap">
        <ol className="tw-mono" aria-label="Recovery codes" style={{ margin: 0 }}>
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ol>
        <CopyButton value={codes.join('\n')} label="the recovery codes" />
      </Group>
      <Group justify="flex-end">
        <Button onClick={onClose}>I have kept them</Button>
      </Group>
    </Stack>
  );
}
