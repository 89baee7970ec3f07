import { Button, Menu } from '@mantine/core';
import { IconDeviceFloppy, IconHistory } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { forgetRecentSearches } from '@tidewheel/client/routes';
import type { ColorSearch, SavedSearch } from '@tidewheel/contract/routes/color-search';
import { api } from '../../../shared/api.ts';
import { recentKey, recentQuery, savedQuery } from './search.queries.ts';
import { searchWords } from './search-words.ts';

interface SearchMenuProps {
  onSearch: (search: ColorSearch) => void;
  onSave: () => void;
  onChange: (saved: SavedSearch) => void;
}

/** What was looked for last, and what was kept of it. */
export function SearchMenu({ onSearch, onSave, onChange }: SearchMenuProps) {
  const recent = useQuery(recentQuery);
  const saved = useQuery(savedQuery);
  const client = useQueryClient();
  const forget = useMutation({ mutationFn: () => api.call(forgetRecentSearches), onSuccess: () => client.invalidateQueries({ queryKey: recentKey }) });
  return (
    <>
      <Menu onOpen={() => void recent.refetch()}>
        <Menu.Target>
          <Button variant="default" leftSection={<IconHistory size={16} aria-hidden />}>
            History
          </Button>
        </Menu.Target>
        <Menu.Dropdown maw={420} mah={420} style={{ overflowY: 'auto' }}>
          {recent.data?.length ? null : <Menu.Label>You have not looked for anything yet</Menu.Label>}
          {recent.data?.map(({ search, at }) => (
            <Menu.Item key={at} onClick={() => onSearch(search)}>
              {searchWords(search)}
            </Menu.Item>
          ))}
          {recent.data?.length ? <Menu.Item onClick={() => forget.mutate()}>Empty the history</Menu.Item> : null}
        </Menu.Dropdown>
      </Menu>
      <Menu>
        <Menu.Target>
          <Button variant="default" leftSection={<IconDeviceFloppy size={16} aria-hidden />}>
            Saved
          </Button>
        </Menu.Target>
        <Menu.Dropdown maw={420} mah={420} style={{ overflowY: 'auto' }}>
          {saved.data?.length ? null : <Menu.Label>No saved searches</Menu.Label>}
          {saved.data?.map((one) => (
            <Menu.Item key={one.id} onClick={() => onSearch(one.search)}>
              {one.title}
              {one.mine ? (one.alert ? ' (alert)' : '') : ` (of ${one.owner})`}
            </Menu.Item>
          ))}
          <Menu.Divider />
          {saved.data
            ?.filter(({ mine }) => mine)
            .map((one) => (
              <Menu.Item key={one.id} onClick={() => onChange(one)}>
                Change “{one.title}” …
              </Menu.Item>
            ))}
          <Menu.Item onClick={onSave}>Save this search …</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
