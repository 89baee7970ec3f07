import { Modal, type ModalProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { SubmitForm, type SubmitFormProps } from './SubmitForm.tsx';

interface FormDialogProps extends SubmitFormProps {
  title: string;
  onClose: () => void;
  /** Shown in place of the form once there is something to show. */
  done?: ReactNode;
  /** Whether there is a button to close beside the cross. */
  hasClose?: boolean;
  size?: NonNullable<ModalProps['size']>;
  closeOnClickOutside?: boolean;
}

/** A dialog with one form in it. */
export function FormDialog({ title, onClose, done, hasClose = true, size = 'md', closeOnClickOutside = true, ...form }: FormDialogProps) {
  return (
    <Modal opened onClose={onClose} title={title} size={size} closeOnClickOutside={closeOnClickOutside}>
      {done ?? <SubmitForm {...form} {...(hasClose ? { onClose } : {})} />}
    </Modal>
  );
}
