// Written by testing/write-routes.ts from the contract: every route without its schemas, which a browser must not load. Do not edit.
import type { RouteRef } from '../route-ref.ts';

export const countColors: RouteRef<typeof import('@tidewheel/contract/routes/color-search').countColors> = { name: 'colorSearch.count', method: 'GET', path: '/api/color-search-count' };
export const exportColors: RouteRef<typeof import('@tidewheel/contract/routes/color-search').exportColors> = { name: 'colorSearch.export', method: 'GET', path: '/api/color-search-export', responseType: 'application/octet-stream' };
export const forgetRecentSearches: RouteRef<typeof import('@tidewheel/contract/routes/color-search').forgetRecentSearches> = { name: 'colorSearch.forget', method: 'DELETE', path: '/api/color-searches/recent' };
export const listColorChoices: RouteRef<typeof import('@tidewheel/contract/routes/color-search').listColorChoices> = { name: 'colorSearch.choices', method: 'GET', path: '/api/color-choices' };
export const listRecentSearches: RouteRef<typeof import('@tidewheel/contract/routes/color-search').listRecentSearches> = { name: 'colorSearch.recent', method: 'GET', path: '/api/color-searches/recent' };
export const listSavedSearches: RouteRef<typeof import('@tidewheel/contract/routes/color-search').listSavedSearches> = { name: 'colorSearch.listSaved', method: 'GET', path: '/api/color-searches/saved' };
export const removeSavedSearch: RouteRef<typeof import('@tidewheel/contract/routes/color-search').removeSavedSearch> = { name: 'colorSearch.remove', method: 'DELETE', path: '/api/color-searches/saved/{id}' };
export const saveSearch: RouteRef<typeof import('@tidewheel/contract/routes/color-search').saveSearch> = { name: 'colorSearch.save', method: 'POST', path: '/api/color-searches/saved' };
export const searchColors: RouteRef<typeof import('@tidewheel/contract/routes/color-search').searchColors> = { name: 'colorSearch.find', method: 'GET', path: '/api/color-search' };
export const showSecurity: RouteRef<typeof import('@tidewheel/contract/routes/color-search').showSecurity> = { name: 'colorSecurity.show', method: 'GET', path: '/api/securities/{security}' };
export const showSecurityPrices: RouteRef<typeof import('@tidewheel/contract/routes/color-search').showSecurityPrices> = { name: 'colorSecurity.prices', method: 'GET', path: '/api/securities/{security}/prices' };
export const suggestSecurities: RouteRef<typeof import('@tidewheel/contract/routes/color-search').suggestSecurities> = { name: 'colorSecurity.suggest', method: 'GET', path: '/api/security-suggestions' };
export const updateSavedSearch: RouteRef<typeof import('@tidewheel/contract/routes/color-search').updateSavedSearch> = { name: 'colorSearch.update', method: 'PUT', path: '/api/color-searches/saved/{id}' };
