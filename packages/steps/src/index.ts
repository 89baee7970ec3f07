// The step types and connectors that ship: one line each. A new one is its file, its test and its line here.
import type { Connector } from '@tidewheel/kit/define-connector';
import type { AnyStepType } from '@tidewheel/kit/define-step';
import { folder } from './connectors/folder.connector.ts';
import { sftp } from './connectors/sftp.connector.ts';

export const stepTypes: readonly AnyStepType[] = [];

export const connectors: readonly Connector[] = [
  folder,
  sftp,
];
