// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const archiveColorRule: RouteRef<typeof import('@tidewheel/contract/routes/color-rules').archiveColorRule> = { name: 'colorRule.archive', method: 'DELETE', path: '/api/color-rules/{id}' };
export const createColorRule: RouteRef<typeof import('@tidewheel/contract/routes/color-rules').createColorRule> = { name: 'colorRule.create', method: 'POST', path: '/api/color-rules' };
export const duplicateColorRule: RouteRef<typeof import('@tidewheel/contract/routes/color-rules').duplicateColorRule> = { name: 'colorRule.duplicate', method: 'POST', path: '/api/color-rules/{id}/duplicate' };
export const listColorRules: RouteRef<typeof import('@tidewheel/contract/routes/color-rules').listColorRules> = { name: 'colorRule.list', method: 'GET', path: '/api/color-rules' };
export const playColorRules: RouteRef<typeof import('@tidewheel/contract/routes/color-rules').playColorRules> = { name: 'colorRule.play', method: 'POST', path: '/api/color-rule-plays' };
export const reorderColorRules: RouteRef<typeof import('@tidewheel/contract/routes/color-rules').reorderColorRules> = { name: 'colorRule.reorder', method: 'PUT', path: '/api/color-rules' };
export const restoreColorRule: RouteRef<typeof import('@tidewheel/contract/routes/color-rules').restoreColorRule> = { name: 'colorRule.restore', method: 'POST', path: '/api/color-rules/{id}/restore' };
export const showColorDeskSettings: RouteRef<typeof import('@tidewheel/contract/routes/color-rules').showColorDeskSettings> = { name: 'colorDesk.show', method: 'GET', path: '/api/color-desk/order' };
export const showColorRule: RouteRef<typeof import('@tidewheel/contract/routes/color-rules').showColorRule> = { name: 'colorRule.show', method: 'GET', path: '/api/color-rules/{id}' };
export const switchColorRule: RouteRef<typeof import('@tidewheel/contract/routes/color-rules').switchColorRule> = { name: 'colorRule.switch', method: 'POST', path: '/api/color-rules/{id}/active' };
export const testColorRule: RouteRef<typeof import('@tidewheel/contract/routes/color-rules').testColorRule> = { name: 'colorRule.test', method: 'POST', path: '/api/color-rule-tests' };
export const updateColorDeskSettings: RouteRef<typeof import('@tidewheel/contract/routes/color-rules').updateColorDeskSettings> = { name: 'colorDesk.update', method: 'PUT', path: '/api/color-desk/order' };
export const updateColorRule: RouteRef<typeof import('@tidewheel/contract/routes/color-rules').updateColorRule> = { name: 'colorRule.update', method: 'PUT', path: '/api/color-rules/{id}' };
