import type { Credential } from '@tidewheel/contract/routes/credentials';

export type Metadata = Pick<Credential, 'title' | 'description' | 'hosts' | 'connections' | 'expiresOn' | 'remindDays'>;

export const noMetadata: Metadata = { title: '', description: '', hosts: [], connections: [], expiresOn: null, remindDays: [30, 7, 1] };

export function metadataOf({ title, description, hosts, connections, expiresOn, remindDays }: Credential): Metadata {
  return { title, description, hosts, connections, expiresOn, remindDays };
}
