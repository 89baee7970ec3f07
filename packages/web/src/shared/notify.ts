import { notifications } from '@mantine/notifications';

/** Says that something has been done. Errors are shown where they belong, never in passing. */
export function announce(message: string): void {
  notifications.show({ message, autoClose: 4_000, withBorder: true });
}
