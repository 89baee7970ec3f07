// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const beginColorUpload: RouteRef<typeof import('@tidewheel/contract/routes/color-uploads').beginColorUpload> = { name: 'colorUpload.begin', method: 'POST', path: '/api/color-uploads' };
export const downloadColorUpload: RouteRef<typeof import('@tidewheel/contract/routes/color-uploads').downloadColorUpload> = { name: 'colorUpload.download', method: 'GET', path: '/api/color-uploads/{id}/content', responseType: 'application/octet-stream' };
export const listColorUploads: RouteRef<typeof import('@tidewheel/contract/routes/color-uploads').listColorUploads> = { name: 'colorUpload.list', method: 'GET', path: '/api/color-uploads' };
export const pasteColors: RouteRef<typeof import('@tidewheel/contract/routes/color-uploads').pasteColors> = { name: 'colorUpload.paste', method: 'POST', path: '/api/color-pastes' };
export const previewColorUpload: RouteRef<typeof import('@tidewheel/contract/routes/color-uploads').previewColorUpload> = { name: 'colorUpload.preview', method: 'POST', path: '/api/color-uploads/{id}/preview' };
export const previewPaste: RouteRef<typeof import('@tidewheel/contract/routes/color-uploads').previewPaste> = { name: 'colorUpload.previewPaste', method: 'POST', path: '/api/color-pastes/preview' };
export const readColorUpload: RouteRef<typeof import('@tidewheel/contract/routes/color-uploads').readColorUpload> = { name: 'colorUpload.read', method: 'POST', path: '/api/color-uploads/{id}/read' };
export const sendColorUpload: RouteRef<typeof import('@tidewheel/contract/routes/color-uploads').sendColorUpload> = { name: 'colorUpload.send', method: 'PUT', path: '/api/color-uploads/{id}/content', bodyType: 'application/octet-stream' };
export const showColorUpload: RouteRef<typeof import('@tidewheel/contract/routes/color-uploads').showColorUpload> = { name: 'colorUpload.show', method: 'GET', path: '/api/color-uploads/{id}' };
export const withdrawColorUpload: RouteRef<typeof import('@tidewheel/contract/routes/color-uploads').withdrawColorUpload> = { name: 'colorUpload.withdraw', method: 'DELETE', path: '/api/color-uploads/{id}' };
