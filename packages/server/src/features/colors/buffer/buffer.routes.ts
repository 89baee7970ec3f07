// HTTP only: joins the routes of the buffer with its service.
import * as routes from '@tidewheel/contract/routes/color-buffer';
import { type Endpoint, endpoint } from '../../../base/endpoint.ts';
import { type BufferDeps, listBuffer, removeRows, repairRows, restoreRows, summarizeBuffer, updateRow } from './buffer.service.ts';

export function colorBufferEndpoints(deps: BufferDeps): Endpoint[] {
  return [
    endpoint(routes.listColorBuffer, ({ actor, query }) => listBuffer(deps, actor, query)),
    endpoint(routes.summarizeColorBuffer, ({ actor }) => summarizeBuffer(deps, actor)),
    endpoint(routes.updateWaitingColor, ({ actor, params, body }) => updateRow(deps, actor, { id: params.id, ...body })),
    endpoint(routes.removeWaitingColors, ({ actor, body }) => removeRows(deps, actor, body)),
    endpoint(routes.restoreWaitingColors, ({ actor, body }) => restoreRows(deps, actor, body)),
    endpoint(routes.repairWaitingColors, ({ actor, body }) => repairRows(deps, actor, body)),
  ];
}
