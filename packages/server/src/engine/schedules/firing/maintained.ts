// A run whose hosts are being worked on by somebody is not begun: the moment is skipped, and says for which host and why.
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import { allSteps } from '@tidewheel/contract/flow-steps';
import type { TargetPort } from '../../ports.ts';

/** Null when none of the hosts that the flow names is in maintenance. Names that are computed, and hosts that are looked for, are left to the steps. */
export async function maintenanceOf(targets: TargetPort, { workspaceId, document }: { workspaceId: string; document: FlowDocument }): Promise<string | null> {
  const names = [...new Set([...allSteps(document.steps)].flatMap(({ step }) => namedHosts(step.with)))];
  if (names.length === 0) return null;
  const [first, ...others] = await targets.inMaintenance(workspaceId, names);
  if (!first) return null;
  const until = first.until === null ? '' : ` until ${first.until.toISOString()}`;
  const more = others.length === 0 ? '' : `, and ${others.length} more`;
  return `${first.name} is in maintenance${until}: ${first.reason}${more}`.slice(0, 500);
}

/** A transfer names a host on each of its two sides. */
function namedHosts(config: Record<string, unknown>): string[] {
  return [config, config.from, config.to].flatMap((side) => {
    const target = typeof side === 'object' && side !== null && 'target' in side ? side.target : undefined;
    return typeof target === 'string' && target !== '' && !target.includes('{{') ? [target] : [];
  });
}
