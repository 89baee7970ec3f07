// HTTP only.
import * as routes from '@tidewheel/contract/routes/color-sheet';
import { type Endpoint, endpoint } from '../../../base/endpoint.ts';
import { type ColorSheetDeps, showSheet, updateSheet } from './sheet.service.ts';

export function colorSheetEndpoints(deps: ColorSheetDeps): Endpoint[] {
  return [
    endpoint(routes.showColorSheet, ({ actor }) => showSheet(deps, actor)),
    endpoint(routes.updateColorSheet, ({ actor, body }) => updateSheet(deps, actor, body)),
  ];
}
