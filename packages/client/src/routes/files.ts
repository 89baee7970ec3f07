// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const downloadFile: RouteRef<typeof import('@tidewheel/contract/routes/files').downloadFile> = { name: 'file.download', method: 'GET', path: '/api/files/{slug}/content', responseType: 'application/octet-stream' };
export const listFiles: RouteRef<typeof import('@tidewheel/contract/routes/files').listFiles> = { name: 'file.list', method: 'GET', path: '/api/files' };
export const removeFile: RouteRef<typeof import('@tidewheel/contract/routes/files').removeFile> = { name: 'file.remove', method: 'DELETE', path: '/api/files/{slug}' };
export const uploadFile: RouteRef<typeof import('@tidewheel/contract/routes/files').uploadFile> = { name: 'file.upload', method: 'PUT', path: '/api/files/{slug}', bodyType: 'application/octet-stream' };
