import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { exportColors } from '@tidewheel/client/routes';
import { mostExportedColors } from '@tidewheel/contract/color';
import type { ColorCount, ColorSearch } from '@tidewheel/contract/routes/color-search';
import { useState } from 'react';
import { api } from '../../../shared/api.ts';
import { formatCount } from '../../../shared/format.ts';
import { countQuery } from './search.queries.ts';

const formats = [
  ['xlsx', 'Excel'],
  ['csv', 'CSV'],
] as const;

/** What is found as a file. It is counted first: a refused download would say nothing but that it failed. */
export function ExportMenu({ search }: { search: ColorSearch }) {
  const [isOpen, setOpen] = useState(false);
  const counted = useQuery({ ...countQuery(search), enabled: isOpen });
  const count = counted.isFetching ? undefined : counted.data;
  return (
    <Menu opened={isOpen} onChange={setOpen}>
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown maw={320}>
        {formats.map(([format, title]) =>
          count?.fits ? (
            <Menu.Item key={format} component="a" href={api.addressOf(exportColors, { query: { ...search, format } })} download={`colors.${format}`}>
              {title}
            </Menu.Item>
          ) : (
            <Menu.Item key={format} disabled>
              {title}
            </Menu.Item>
          ),
        )}
        <Menu.Label aria-live="polite">{counted.error ? counted.error.message : wordsOf(count)}</Menu.Label>
      </Menu.Dropdown>
    </Menu>
  );
}

function wordsOf(count: ColorCount | undefined): string {
  if (!count) return 'Counting…';
  const found = `${count.isMore ? 'more than ' : ''}${formatCount(count.colors)}`;
  if (count.fits) return count.colors === 1 ? '1 color' : `${found} colors`;
  return `The search finds ${found} colors, and a file takes ${formatCount(mostExportedColors)}. Narrow it: fewer days, a sector or a dealer. Several files can be put together.`;
}
