import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import {
  countColors,
  listColorChoices,
  listRecentSearches,
  listSavedSearches,
  searchColors,
  showSecurity,
  showSecurityPrices,
  suggestSecurities,
} from '@tidewheel/client/routes';
import type { ColorBias } from '@tidewheel/contract/color';
import type { ColorSearch } from '@tidewheel/contract/routes/color-search';
import { api } from '../../../shared/api.ts';
import { pagedQuery } from '../../../shared/paged-query.ts';

export const foundQuery = (search: ColorSearch) =>
  pagedQuery(['colors', 'found', search], (cursor) =>
    api.call(searchColors, { query: { ...search, cursor, limit: 50, remember: Object.keys(search).length > 0 } }),
  );
export const countQuery = ({ sort: _sort, ...query }: ColorSearch) =>
  queryOptions({ queryKey: ['colors', 'count', query], queryFn: () => api.call(countColors, { query }), gcTime: 0 });
export const suggestedQuery = (text: string) =>
  queryOptions({
    queryKey: ['colors', 'suggested', text],
    queryFn: () => api.call(suggestSecurities, { query: { text } }),
    placeholderData: keepPreviousData,
    enabled: text.trim() !== '',
  });
export const colorChoicesQuery = queryOptions({ queryKey: ['colors', 'choices'], queryFn: () => api.call(listColorChoices), staleTime: 60_000 });
export const recentKey = ['colors', 'recent'];
export const recentQuery = queryOptions({ queryKey: recentKey, queryFn: () => api.call(listRecentSearches) });
export const savedKey = ['colors', 'saved'];
export const savedQuery = queryOptions({ queryKey: savedKey, queryFn: () => api.call(listSavedSearches) });
export const securityQuery = (security: string) =>
  queryOptions({ queryKey: ['colors', 'security', security], queryFn: () => api.call(showSecurity, { params: { security } }) });
export const pricesQuery = (security: string, query: { bias?: ColorBias | undefined; from?: string | undefined }) =>
  queryOptions({
    queryKey: ['colors', 'prices', security, query],
    queryFn: () => api.call(showSecurityPrices, { params: { security }, query }),
    placeholderData: keepPreviousData,
  });
