import { group } from '../../command.ts';
import { approvalApprove, approvalReject } from './decide.ts';
import { approvalList } from './list.ts';
import { approvalShow } from './show.ts';

export function approval() {
  return group('approval', { summary: 'See what waits for a decision, approve and reject' })
    .addCommand(approvalList())
    .addCommand(approvalShow())
    .addCommand(approvalApprove())
    .addCommand(approvalReject());
}
