// HTTP only: joins the routes of the search with their services.
import * as routes from '@tidewheel/contract/routes/color-search';
import { type Endpoint, endpoint } from '../../../base/endpoint.ts';
import { countColors, type ExportDeps, exportColors } from './export-colors.ts';
import { forgetRecentSearches, listRecentSearches } from './recent-searches.ts';
import { listSavedSearches, removeSavedSearch, saveSearch, updateSavedSearch } from './saved-searches.ts';
import { listColorChoices, searchColors, showPrices, showSecurity, suggestSecurities } from './search.service.ts';

export function colorSearchEndpoints(deps: ExportDeps): Endpoint[] {
  return [
    endpoint(routes.searchColors, ({ actor, query }) => searchColors(deps, actor, query)),
    endpoint(routes.countColors, ({ actor, query }) => countColors(deps, actor, query)),
    endpoint(routes.exportColors, ({ actor, query }) => exportColors(deps, actor, query)),
    endpoint(routes.suggestSecurities, ({ actor, query }) => suggestSecurities(deps, actor, query)),
    endpoint(routes.listColorChoices, ({ actor }) => listColorChoices(deps, actor)),
    endpoint(routes.showSecurity, ({ actor, params }) => showSecurity(deps, actor, params.security)),
    endpoint(routes.showSecurityPrices, ({ actor, params, query }) => showPrices(deps, actor, { ...query, ...params })),
    endpoint(routes.listRecentSearches, ({ actor }) => listRecentSearches(deps, actor)),
    endpoint(routes.forgetRecentSearches, ({ actor }) => forgetRecentSearches(deps, actor)),
    endpoint(routes.listSavedSearches, ({ actor }) => listSavedSearches(deps, actor)),
    endpoint(routes.saveSearch, ({ actor, body }) => saveSearch(deps, actor, body)),
    endpoint(routes.updateSavedSearch, ({ actor, params, body }) => updateSavedSearch(deps, actor, { ...body, id: params.id })),
    endpoint(routes.removeSavedSearch, ({ actor, params }) => removeSavedSearch(deps, actor, params.id)),
  ];
}
