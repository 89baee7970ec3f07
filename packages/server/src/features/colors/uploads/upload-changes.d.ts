import { type ChangeModule } from '../../../base/change-module.ts';
import type { UploadDeps } from './read-upload.ts';
export declare function colorUploadChanges(deps: UploadDeps): ChangeModule;
