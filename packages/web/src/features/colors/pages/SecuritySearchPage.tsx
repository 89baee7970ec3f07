import { Button, Group, Menu } from '@mantine/core';
import { IconDownload, IconListSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { exportColors } from '@tidewheel/client/routes';
import { mostExportedColors } from '@tidewheel/contract/color';
import type { ColorSearch, SavedSearch } from '@tidewheel/contract/routes/color-search';
import { useState } from 'react';
import { api } from '../../../shared/api.ts';
import { EmptyState } from '../../../shared/EmptyState.tsx';
import { formatCount } from '../../../shared/format.ts';
import { NoMatch } from '../../../shared/NoMatch.tsx';
import { PagedList } from '../../../shared/PagedList.tsx';
import { PageHeader } from '../../../shared/PageHeader.tsx';
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
      <Menu>
        <Menu.Target>
          <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
            Export
          </Button>
        </Menu.Target>
        <Menu.Dropdown maw={320}>
          <Menu.Item component="a" href={api.addressOf(exportColors, { query: { ...search, format: 'xlsx' } })} download="colors.xlsx">
            Excel
          </Menu.Item>
          <Menu.Item component="a" href={api.addressOf(exportColors, { query: { ...search, format: 'csv' } })} download="colors.csv">
            CSV
          </Menu.Item>
          <Menu.Label>A file takes {formatCount(mostExportedColors)} colors. Of more, none is written: narrow the search.</Menu.Label>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
