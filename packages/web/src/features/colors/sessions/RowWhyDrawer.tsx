import { List, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { colorFields } from '@tidewheel/contract/color';
import type { SessionRow } from '@tidewheel/contract/color-session';
import { Loaded } from '../../../shared/Loaded.tsx';
import { SideDrawer } from '../../../shared/SideDrawer.tsx';
import { Time } from '../../../shared/Time.tsx';
import { changeText } from './session-words.ts';
import { rowWhyQuery } from './sessions.queries.ts';

/** Why a row is where it is, what is doubtful about it, and who changed it. */
export function RowWhyDrawer({ session, row, onClose }: { session: string; row: string; onClose: () => void }) {
  const query = useQuery(rowWhyQuery(session, row));
  return (
    <SideDrawer title="Why it is here" onClose={onClose}>
      <Loaded query={query} lines={3}>
        {({ row: shown, reasons, changes }) => (
          <>
            <Text fw={600}>{[shown.cusip ?? shown.isin, shown.ticker, shown.issuer].filter((part) => part !== null).join(' · ')}</Text>
            <List spacing="xs" mt="xs">
              {reasons.map(({ text }) => (
                <List.Item key={text}>{text}</List.Item>
              ))}
            </List>
            <Doubts row={shown} />
            <Title order={3} mt="md" mb={4}>
              What was done to it
            </Title>
            {changes.length === 0 && <Text size="sm">Nothing: it is as it came.</Text>}
            <List spacing="xs" size="sm">
              {changes.map((change) => (
                <List.Item key={change.number}>
                  {changeText(change)}
                  <Text size="xs" c="dimmed" component="div">
                    {change.by}, <Time at={change.at} />
                    {change.isUndone && ', taken back'}
                  </Text>
                </List.Item>
              ))}
            </List>
          </>
        )}
      </Loaded>
    </SideDrawer>
  );
}

function Doubts({ row }: { row: SessionRow }) {
  const doubts = Object.entries(row.doubts);
  if (doubts.length === 0) return null;
  return (
    <>
      <Title order={3} mt="md" mb={4}>
        Doubtful
      </Title>
      <List spacing="xs" size="sm">
        {doubts.map(([field, { was, why, repair }]) => (
          <List.Item key={field}>
            {(colorFields as Record<string, { title: string }>)[field]?.title ?? field}: “{was}” {why}
            {repair !== undefined && `; probably ${repair}`}
          </List.Item>
        ))}
      </List>
    </>
  );
}
