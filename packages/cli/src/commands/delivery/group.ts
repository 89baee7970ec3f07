import { group } from '../../command.ts';
import { deliveryList } from './list.ts';

export function delivery() {
  return group('delivery', { summary: 'See what was delivered where' }).addCommand(deliveryList());
}
