import { Button, type ButtonProps, Group, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { ErrorNotice } from './ErrorNotice.tsx';

export interface Confirmation {
  title: string;
  text: ReactNode;
  confirm: string;
  isDanger?: boolean;
}

/** A button that asks first. `onConfirm` is awaited: nothing is shown as done before the server said so. */
export function ConfirmButton({
  ask,
  mutation,
  children,
  ...button
}: {
  ask: Confirmation;
  mutation: { mutateAsync: () => Promise<unknown>; isPending: boolean; error: Error | null; reset: () => void };
  children: ReactNode;
} & ButtonProps) {
  const [opened, dialog] = useDisclosure(false);
  const open = () => {
    mutation.reset();
    dialog.open();
  };
  const confirm = () => mutation.mutateAsync().then(dialog.close, () => undefined);
  return (
    <>
      <Button variant="default" {...button} onClick={open}>
        {children}
      </Button>
      <Modal opened={opened} onClose={dialog.close} title={ask.title} centered>
        <Text mb="md" component="div">
          {ask.text}
        </Text>
        {mutation.error && <ErrorNotice error={mutation.error} />}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={dialog.close}>
            Keep as it is
          </Button>
          <Button loading={mutation.isPending} {...(ask.isDanger ? { color: 'red' } : {})} onClick={() => void confirm()} data-autofocus>
            {ask.confirm}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
