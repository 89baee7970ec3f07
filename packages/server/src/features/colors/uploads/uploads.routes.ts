// HTTP only: joins the routes of uploads with their services.
import * as routes from '@tidewheel/contract/routes/color-uploads';
import { type Endpoint, endpoint } from '../../../base/endpoint.ts';
import { sendChunk } from './chunks.service.ts';
import type { UploadDeps } from './read-upload.ts';
import {
  beginUpload,
  downloadUpload,
  listUploads,
  pasteColors,
  previewPaste,
  previewUpload,
  readUpload,
  showUpload,
  withdrawUpload,
} from './uploads.service.ts';

export function colorUploadEndpoints(deps: UploadDeps): Endpoint[] {
  return [
    endpoint(routes.listColorUploads, ({ actor, query }) => listUploads(deps, actor, query)),
    endpoint(routes.beginColorUpload, ({ actor, body }) => beginUpload(deps, actor, body)),
    endpoint(routes.sendColorUpload, ({ actor, params, query, body }) => sendChunk(deps, actor, { id: params.id, offset: query.offset, content: body })),
    endpoint(routes.pasteColors, ({ actor, body }) => pasteColors(deps, actor, body)),
    endpoint(routes.previewPaste, ({ actor, body }) => previewPaste(deps, actor, body)),
    endpoint(routes.showColorUpload, ({ actor, params }) => showUpload(deps, actor, params.id)),
    endpoint(routes.previewColorUpload, ({ actor, params, body }) => previewUpload(deps, actor, { id: params.id, ...body })),
    endpoint(routes.readColorUpload, ({ actor, params, body }) => readUpload(deps, actor, { id: params.id, ...body })),
    endpoint(routes.withdrawColorUpload, ({ actor, params }) => withdrawUpload(deps, actor, params.id)),
    endpoint(routes.downloadColorUpload, ({ actor, params }) => downloadUpload(deps, actor, params.id)),
  ];
}
