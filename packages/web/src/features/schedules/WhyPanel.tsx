import { List, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Loaded } from '../../shared/Loaded.tsx';
import { FiringTable } from './FiringTable.tsx';
import { dateOf } from './local-moment.ts';
import { OccurrenceList } from './OccurrenceList.tsx';
import { explainQuery } from './schedules.queries.ts';

/** Why it fires, or did not, on a date. */
export function WhyPanel({ slug, date = dateOf(Date.now()), onDate }: { slug: string; date?: string | undefined; onDate: (date: string) => void }) {
  const query = useQuery(explainQuery(slug, date));
  return (
    <div className="tw-card" style={{ padding: '12px 16px' }}>
      <TextInput label="Date" type="date" value={date} onChange={(event) => event.currentTarget.value && onDate(event.currentTarget.value)} w={180} mb="sm" />
      <Loaded query={query}>
        {({ verdict, notes, fires, firings }) => (
          <>
            <Title order={2} size="h3">
              {verdict}
            </Title>
            {notes.length > 0 && (
              <List size="sm" mt="xs">
                {notes.map((note) => (
                  <List.Item key={note}>{note}</List.Item>
                ))}
              </List>
            )}
            {fires.length > 0 && (
              <>
                <Text size="sm" fw={600} mt="sm">
                  As its rules have it now
                </Text>
                <OccurrenceList occurrences={fires} />
              </>
            )}
            <FiringTable firings={firings} />
          </>
        )}
      </Loaded>
    </div>
  );
}
