import { notifications } from '@mantine/notifications';

export function showNotice(message: string): void {
  notifications.show({ message, autoClose: 4_000, withBorder: true });
}
