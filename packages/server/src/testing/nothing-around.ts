// What an engine of a test has around it when it needs none of it: no connections, hosts, uploads and no color desk.
import { NotFound } from '@tidewheel/contract/errors';
import { noColors } from '../engine/no-colors.ts';
import { noTargets } from '../engine/no-targets.ts';
import type { ConnectionPort, UploadedFilePort } from '../engine/ports.ts';

const none = async () => Promise.reject(new NotFound('test.none', 'There is none here.'));
const connections: ConnectionPort = { open: none, list: async () => [] };
const uploads: UploadedFilePort = { find: none, list: async () => [] };

export const nothingAround = { connections, targets: noTargets, uploads, colors: noColors };
