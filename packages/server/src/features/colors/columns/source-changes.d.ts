import { type ChangeModule } from '../../../base/change-module.ts';
import { type SourceDeps } from './sources.service.ts';
export declare function colorSourceChanges(deps: SourceDeps): ChangeModule;
