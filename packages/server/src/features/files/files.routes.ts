// HTTP only: joins the routes of the contract with the service.
import * as routes from '@tidewheel/contract/routes/files';
import { type Endpoint, endpoint } from '../../base/endpoint.ts';
import { downloadFile, type FileDeps, listFiles, removeFile, uploadFile } from './files.service.ts';

export function fileEndpoints(deps: FileDeps): Endpoint[] {
  return [
    endpoint(routes.listFiles, ({ actor, query }) => listFiles(deps, actor, query)),
    endpoint(routes.uploadFile, ({ actor, params, query, body }) => uploadFile(deps, actor, { slug: params.slug, ...query, content: body })),
    endpoint(routes.downloadFile, ({ actor, params }) => downloadFile(deps, actor, params.slug)),
    endpoint(routes.removeFile, ({ actor, params }) => removeFile(deps, actor, params.slug)),
  ];
}
