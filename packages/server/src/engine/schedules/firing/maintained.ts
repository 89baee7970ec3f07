// A run whose hosts are being worked on by somebody is not begun: the moment is skipped, and says for which host and why.
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import { allSteps } from '@tidewheel/contract/flow-steps';
import type { TargetPort } from '../../ports.ts';

/** Null when none of the hosts that the flow names is in maintenance. Names that are computed, and hosts that are looked for, are left to the steps. */
export async function maintenanceOf(targets: TargetPort, { workspaceId, document }: { workspaceId: string; document: FlowDocument }): Promise<string | null> {
  const names = [...new Set([...allSteps(document.steps)].flatMap(({ step }) => namedHost(step.with)))];
  if (names.length === 0) return null;
  const [first, ...others] = await targets.inMaintenance(workspaceId, names);
  if (!first) return null;
  const until = first.until === null ? '' : ` until ${first.until.toISOString()}`;
  const more = others.length === 0 ? '' : `, and ${others.length} more`;
  return `${first.name} is in maintenance${until}: ${first.reason}${more}`.slice(0, 500);
}

function namedHost({ target }: Record<string, unknown>): string[] {
  return typeof target === 'string' && target !== '' && !target.includes('{{') ? [target] : [];
}
