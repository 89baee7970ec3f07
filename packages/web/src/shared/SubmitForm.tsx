import { Button, Group, Stack, Text } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { ErrorNotice } from './ErrorNotice.tsx';

export interface SubmitFormProps {
  /** What sending it does; its error is shown above the buttons, which wait for it. */
  mutation: { mutate: () => void; isPending: boolean; error: Error | null };
  /** The text of the button that sends it. */
  action: string;
  children: ReactNode;
  /** With it there is a button to close. */
  onClose?: () => void;
  /** Checks the values instead of the browser; false stops it. */
  validate?: () => Promise<boolean>;
  disabled?: boolean;
  isDanger?: boolean;
  /** Small print beside the buttons. */
  note?: string;
  /** Where the buttons stand: at the left on a page, at the right in a dialog. */
  side?: 'left' | 'right';
}

/** Fields one under the other, what went wrong, and the buttons. */
export function SubmitForm({ mutation, action, children, onClose, validate, disabled = false, isDanger = false, note, side = 'right' }: SubmitFormProps) {
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (validate && !(await validate())) return;
    mutation.mutate();
  };
  return (
    <form onSubmit={(event) => void submit(event)} noValidate={validate !== undefined}>
      <Stack gap="sm">
        {children}
        {mutation.error && <ErrorNotice error={mutation.error} />}
        <Group justify={side === 'left' ? 'flex-start' : 'flex-end'} gap="xs">
          {note && (
            <Text size="xs" c="dimmed" mr="auto">
              {note}
            </Text>
          )}
          {onClose && (
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
          )}
          <Button type="submit" loading={mutation.isPending} disabled={disabled} {...(isDanger ? { color: 'red' } : {})}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
