import { Button, Group, Text } from '@mantine/core';
import type { Passkey } from '@tidewheel/contract/routes/passkeys';
import { Time } from '../../shared/Time.tsx';
import classes from './SecurityCard.module.css';

/** My passkeys as rows of the card. */
export function PasskeyItems({ passkeys, onRename, onRemove }: { passkeys: Passkey[]; onRename: (one: Passkey) => void; onRemove: (one: Passkey) => void }) {
  if (passkeys.length === 0) return null;
  return (
    <ul className={classes['passkeys']} aria-label="My passkeys">
      {passkeys.map((passkey) => (
        <li key={passkey.id} className={classes['passkey']}>
          <div className={classes['words']}>
            <Text>{passkey.title}</Text>
            <Text size="sm" c="dimmed" component="div">
              {passkey.usable ? '' : 'Made for another address of this server, does not work here. '}
              Kept on {passkey.backedUp ? 'several devices' : 'one device'}, made <Time at={passkey.createdAt} relative />,{' '}
              {passkey.lastUsedAt === null ? (
                'not used yet'
              ) : (
                <>
                  last used <Time at={passkey.lastUsedAt} relative />
                </>
              )}
            </Text>
          </div>
          <Group gap="xs" wrap="nowrap">
            <Button size="xs" variant="default" aria-label={`Rename ${passkey.title}`} onClick={() => onRename(passkey)}>
              Rename
            </Button>
            <Button size="xs" variant="default" aria-label={`Remove ${passkey.title}`} onClick={() => onRemove(passkey)}>
              Remove
            </Button>
          </Group>
        </li>
      ))}
    </ul>
  );
}
