import { useCan } from '../../shared/session.ts';

/** Whether the person may grant anything, not only share some objects: an object that nothing is known of fits no condition. */
export function useGrantsAll(): boolean {
  return useCan('grant.edit', {});
}
