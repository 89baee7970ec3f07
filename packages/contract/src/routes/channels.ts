// The ways by which people are told of something.
import { z } from 'zod';
import { Slug } from '../identifiers.ts';
import { Channel, ChannelType } from '../notify.ts';
import { defineRoute } from '../route.ts';

const slugParam = z.object({ slug: Slug });

export const ChannelInput = z
  .strictObject({
    title: z.string().trim().min(1).max(200),
    type: z.string().max(60).describe('Stays as it is once the channel exists'),
    enabled: z.boolean().default(true),
    config: z.record(z.string(), z.unknown()).default({}),
    secret: z.record(z.string(), z.unknown()).nullable().optional().describe('Left out: what is stored stays; null: it is removed'),
  })
  .meta({ id: 'NotificationChannelInput' });
export type ChannelInput = z.infer<typeof ChannelInput>;

export const listChannelTypes = defineRoute({
  name: 'channel.types',
  method: 'GET',
  path: '/api/channel-types',
  tag: 'Notifications',
  access: 'channel.read',
  summary: 'List the types of channels with their schemas',
  response: z.array(ChannelType),
});
export const listChannels = defineRoute({
  name: 'channel.list',
  method: 'GET',
  path: '/api/channels',
  tag: 'Notifications',
  access: 'channel.read',
  summary: 'List channels',
  response: z.array(Channel),
});
export const showChannel = defineRoute({
  name: 'channel.show',
  method: 'GET',
  path: '/api/channels/{slug}',
  tag: 'Notifications',
  access: 'channel.read',
  summary: 'Show a channel',
  params: slugParam,
  response: Channel,
});
export const saveChannel = defineRoute({
  name: 'channel.save',
  method: 'PUT',
  path: '/api/channels/{slug}',
  tag: 'Notifications',
  access: 'channel.edit',
  summary: 'Create or change a channel',
  description: 'When a setting changes that says where the secret goes, the secret has to be given again.',
  params: slugParam,
  body: ChannelInput,
  response: Channel,
});
export const archiveChannel = defineRoute({
  name: 'channel.archive',
  method: 'DELETE',
  path: '/api/channels/{slug}',
  tag: 'Notifications',
  access: 'channel.edit',
  summary: 'Take a channel out of use and forget its secret',
  params: slugParam,
  response: Channel,
});
export const testChannel = defineRoute({
  name: 'channel.test',
  method: 'POST',
  path: '/api/channels/{slug}/test',
  cost: 'expensive',
  tag: 'Notifications',
  access: 'channel.edit',
  summary: 'Send a test message now',
  description: 'It really goes out; a channel that reaches people sends it to whoever asks.',
  params: slugParam,
  response: z.object({ answer: z.string(), ms: z.number().int() }),
});
