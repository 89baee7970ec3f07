import { Button, Stack } from '@mantine/core';
import type { Me } from '@tidewheel/contract/routes/identity';
import { ErrorNotice } from '../../shared/ErrorNotice.tsx';
import { PasskeyPlace } from '../../shared/PasskeyPlace.tsx';
import { passkeysWorkHere } from '../../shared/passkeys.ts';
import { usePasskeyEntry, usePasskeyOffer } from './use-passkey-entry.ts';

/** The way in without a password. @param origin the address at which passkeys work; where none can, nobody has one and nothing is said */
export function PasskeyEntry({ origin, onEntered }: { origin: string | null; onEntered: (me: Me) => void }) {
  const isHere = passkeysWorkHere(origin);
  const enter = usePasskeyEntry({ secondFactor: false, onEntered });
  usePasskeyOffer({ isOn: isHere, onEntered });
  if (origin === null) return null;
  if (!isHere)
    return (
      <div style={{ marginTop: 12, textAlign: 'center' }}>
        <PasskeyPlace origin={origin} path="/sign-in" />
      </div>
    );
  return (
    <Stack gap="sm" mt="sm">
      {enter.error && <ErrorNotice error={enter.error} />}
      <Button variant="default" fullWidth loading={enter.isPending} onClick={() => enter.mutate()}>
        Sign in with a passkey
      </Button>
    </Stack>
  );
}
