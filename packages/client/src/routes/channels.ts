// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const archiveChannel: RouteRef<typeof import('@tidewheel/contract/routes/channels').archiveChannel> = { name: 'channel.archive', method: 'DELETE', path: '/api/channels/{slug}' };
export const listChannels: RouteRef<typeof import('@tidewheel/contract/routes/channels').listChannels> = { name: 'channel.list', method: 'GET', path: '/api/channels' };
export const listChannelTypes: RouteRef<typeof import('@tidewheel/contract/routes/channels').listChannelTypes> = { name: 'channel.types', method: 'GET', path: '/api/channel-types' };
export const saveChannel: RouteRef<typeof import('@tidewheel/contract/routes/channels').saveChannel> = { name: 'channel.save', method: 'PUT', path: '/api/channels/{slug}' };
export const showChannel: RouteRef<typeof import('@tidewheel/contract/routes/channels').showChannel> = { name: 'channel.show', method: 'GET', path: '/api/channels/{slug}' };
export const testChannel: RouteRef<typeof import('@tidewheel/contract/routes/channels').testChannel> = { name: 'channel.test', method: 'POST', path: '/api/channels/{slug}/test' };
