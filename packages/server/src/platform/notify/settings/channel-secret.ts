// The secret of a channel, open for one use: the redactor knows it until then.
import { redactor } from '../../../base/redactor.ts';
import type { ChannelVault } from '../ports.ts';
import type { OpenChannel } from './effective.ts';

export const purposeOf = (type: string) => `channel:${type}`;

export async function withSecret<T>(
  vault: ChannelVault,
  { row, channel }: OpenChannel,
  use: (secret: Record<string, unknown> | null) => Promise<T>,
): Promise<T> {
  if (!row?.credential_id) return use(null);
  const opened = await vault.open({ workspaceId: row.workspace_id, credentialId: row.credential_id, purpose: purposeOf(channel.type) });
  try {
    return await use(opened.secret);
  } catch (thrown) {
    throw redactor.error(thrown);
  } finally {
    opened.release();
  }
}
