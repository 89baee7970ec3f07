import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { OnceSecret } from '../../shared/OnceSecret.tsx';

/** The text of a key, this once. */
export function KeySecret({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="The key" size="lg">
      <Stack gap="sm">
        <Text size="sm">Copy the key now: it is stored as a hash and cannot be shown again. Programs send it as Authorization: Bearer.</Text>
        <OnceSecret value={secret} label="the key" />
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
