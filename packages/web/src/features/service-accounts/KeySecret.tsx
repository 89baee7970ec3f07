import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { CopyButton } from '../../shared/CopyText.tsx';

/** The text of a key, this once. */
export function KeySecret({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="The key" size="lg">
      <Stack gap="sm">
        <Text size="sm">Copy the key now: it is stored as a hash and cannot be shown again. Programs send it as Authorization: Bearer.</Text>
        <TextInput
          readOnly
          value={secret}
          aria-label="the key"
          rightSection={<CopyButton value={secret} label="the key" />}
          onFocus={(event) => event.currentTarget.select()}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
