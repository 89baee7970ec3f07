import { Group } from '@mantine/core';
import { IconListSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ColorSearch, SavedSearch } from '@tidewheel/contract/routes/color-search';
import { useState } from 'react';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { NoMatch } from '../../../shared/NoMatch.tsx';
import { PagedList } from '../../../shared/PagedList.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
import { ExportMenu } from '../search/ExportMenu.tsx';
import { foundColumns } from '../search/found-columns.tsx';
import { SaveSearchDialog } from '../search/SaveSearchDialog.tsx';
import { SearchFilters } from '../search/SearchFilters.tsx';
import { SearchMenu } from '../search/SearchMenu.tsx';
import { SecurityBox } from '../search/SecurityBox.tsx';
import { foundQuery } from '../search/search.queries.ts';

const route = getRouteApi('/app/colors/search');

/** Everything that was processed and not excluded. */
export function SecuritySearchPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(foundQuery(search));
  const [saving, setSaving] = useState<SavedSearch | 'new' | null>(null);
  const set = (part: ColorSearch) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  const all = (next: ColorSearch) => void navigate({ search: next });
  const isFiltered = Object.keys(search).some((name) => name !== 'sort');
  const empty = isFiltered ? (
    <NoMatch icon={IconListSearch} one="color" onClear={() => all({})} />
  ) : (
    <EmptyState icon={IconListSearch} title="Nothing was processed yet">
      What a color flow keeps, or a session processes, is found here.
    </EmptyState>
  );
  return (
    <>
      <PageHeader title="Security search" actions={<SearchActions search={search} onSearch={all} onSave={setSaving} />} />
      <Group mb="xs">
        <SecurityBox
          text={search.text ?? ''}
          onText={(text) => set({ text })}
          onSecurity={(security) => void navigate({ to: '/colors/securities/$security', params: { security } })}
        />
      </Group>
      <SearchFilters search={search} set={set} />
      <PagedList
        label="Colors"
        query={query}
        columns={foundColumns}
        rowKey={(color) => `${color.processing}:${color.line}`}
        empty={empty}
        one="color"
        many="colors"
      />
      {saving !== null && <SaveSearchDialog search={search} saved={saving === 'new' ? undefined : saving} onClose={() => setSaving(null)} />}
    </>
  );
}

interface SearchActionsProps {
  search: ColorSearch;
  onSearch: (search: ColorSearch) => void;
  onSave: (saved: SavedSearch | 'new') => void;
}

function SearchActions({ search, onSearch, onSave }: SearchActionsProps) {
  return (
    <>
      <SearchMenu onSearch={onSearch} onSave={() => onSave('new')} onChange={onSave} />
      <ExportMenu search={search} />
    </>
  );
}
