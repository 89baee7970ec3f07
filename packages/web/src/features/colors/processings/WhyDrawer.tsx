import { List } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Loaded } from '../../../shared/Loaded.tsx';
import { SideDrawer } from '../../../shared/SideDrawer.tsx';
import { whyQuery } from './processings.queries.ts';

/** Why a row is where it is. */
export function WhyDrawer({ number, line, onClose }: { number: number; line: number; onClose: () => void }) {
  const query = useQuery(whyQuery(number, line));
  return (
    <SideDrawer title={`Why line ${line} is there`} onClose={onClose}>
      <Loaded query={query} lines={3}>
        {({ reasons }) => (
          <List spacing="xs">
            {reasons.map(({ text }) => (
              <List.Item key={text}>{text}</List.Item>
            ))}
          </List>
        )}
      </Loaded>
    </SideDrawer>
  );
}
