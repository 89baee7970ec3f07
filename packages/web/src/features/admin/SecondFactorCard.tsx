import { Alert, Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Loaded } from '../../shared/Loaded.tsx';
import { secondFactorQuery } from './admin.queries.ts';
import { FactorProofDialog } from './FactorProofDialog.tsx';
import { SetUpFactorDialog } from './SetUpFactorDialog.tsx';

/** Whether a code of a device is asked for after my password, and how to change that. */
export function SecondFactorCard() {
  const factor = useQuery(secondFactorQuery);
  const [dialog, setDialog] = useState<'set-up' | 'codes' | 'remove' | null>(null);
  const close = () => setDialog(null);
  return (
    <section className="tw-card" style={{ padding: 16, maxWidth: 560, marginBottom: 24 }}>
      <Loaded query={factor} lines={2}>
        {({ on, required, recoveryCodesLeft }) => (
          <>
            {required && !on && (
              <Alert
                color="yellow"
                variant="light"
                styles={{ title: { color: 'var(--mantine-color-text)' } }}
                title="Your role requires a second factor"
                mb="sm"
              >
                Until you set it up you cannot do anything else.
              </Alert>
            )}
            <Text mb="sm">
              {on
                ? `On. ${recoveryCodesLeft} of your recovery codes are left.`
                : 'Off. With it, signing in asks for a code of an app such as Google Authenticator or Authy after your password.'}
            </Text>
            <Group gap="xs">
              {!on && <Button onClick={() => setDialog('set-up')}>Set it up</Button>}
              {on && (
                <Button variant="default" onClick={() => setDialog('codes')}>
                  New recovery codes
                </Button>
              )}
              {on && !required && (
                <Button variant="default" onClick={() => setDialog('remove')}>
                  Switch it off
                </Button>
              )}
            </Group>
          </>
        )}
      </Loaded>
      {dialog === 'set-up' && <SetUpFactorDialog onClose={close} />}
      {(dialog === 'codes' || dialog === 'remove') && <FactorProofDialog task={dialog} onClose={close} />}
    </section>
  );
}
