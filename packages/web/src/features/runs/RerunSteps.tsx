import { Badge, Group, Skeleton, Text } from '@mantine/core';
import type { RerunPreview } from '@tidewheel/contract/routes/run-operations';
import { ScrollBox } from '../../shared/ScrollBox.tsx';
import classes from './RerunSteps.module.css';

/** Which steps would run again and why, and what is taken over. */
export function RerunSteps({ preview }: { preview: RerunPreview | undefined }) {
  if (!preview) return <Skeleton height={80} />;
  const { again, taken, itemsTaken, effects, frozen } = preview;
  return (
    <div>
      <Text size="sm" fw={600}>
        {again.length === 0 ? 'No step runs again' : again.length === 1 ? 'One step runs again' : `${again.length} steps run again`}
        {taken.length > 0 && `, ${taken.length} ${taken.length === 1 ? 'is' : 'are'} taken over`}
      </Text>
      {again.length > 0 && (
        <ScrollBox label="Steps that run again" style={{ maxHeight: 200 }}>
          <ul className={classes['steps']}>
            {again.map(({ step, why }) => (
              <li key={step}>
                <Group gap={6} wrap="wrap">
                  <b>{step}</b>
                  <span className={classes['why']}>{why}</span>
                  {effects.includes(step) && (
                    <Badge size="sm" color="var(--tw-wait)" variant="outline">
                      changes something outside
                    </Badge>
                  )}
                  {itemsTaken.includes(step) && (
                    <Badge size="sm" variant="outline">
                      only the items that failed
                    </Badge>
                  )}
                </Group>
              </li>
            ))}
          </ul>
        </ScrollBox>
      )}
      {taken.length > 0 && (
        <Text size="xs" c="dimmed" mt={4}>
          Taken over: {taken.map(({ step }) => step).join(', ')}
        </Text>
      )}
      {frozen && (
        <Text size="xs" c="dimmed">
          Its day stays {frozen.today}, so that both halves speak of the same one.
        </Text>
      )}
    </div>
  );
}
