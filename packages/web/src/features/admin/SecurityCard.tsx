import { Alert, Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Passkey } from '@tidewheel/contract/routes/passkeys';
import { type ReactNode, useState } from 'react';
import { Loaded } from '../../shared/Loaded.tsx';
import { PasskeyPlace } from '../../shared/PasskeyPlace.tsx';
import { passkeysWorkHere } from '../../shared/passkeys.ts';
import { AddPasskeyDialog } from './AddPasskeyDialog.tsx';
import { passkeysQuery, secondFactorQuery } from './admin.queries.ts';
import { FactorProofDialog, type FactorTask } from './FactorProofDialog.tsx';
import { PasskeyItems } from './PasskeyItems.tsx';
import { RenamePasskeyDialog } from './RenamePasskeyDialog.tsx';
import classes from './SecurityCard.module.css';
import { SetUpFactorDialog } from './SetUpFactorDialog.tsx';

type Dialog = { kind: 'set-up' } | { kind: 'add-passkey' } | { kind: 'rename'; passkey: Passkey } | FactorTask;

const emailFaults = {
  not_allowed: 'The rules of signing in do not allow them.',
  not_confirmed: 'Confirm your address first.',
  no_mail: 'This installation has no mail server.',
};

/** What signing in asks for besides the password, or in its place, and how to change that. */
export function SecurityCard() {
  const factor = useQuery(secondFactorQuery);
  const passkeys = useQuery(passkeysQuery);
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const open = (kind: 'set-up' | 'add-passkey' | Exclude<FactorTask['kind'], 'remove-passkey'>) => () => setDialog({ kind });
  return (
    <section className={`tw-card ${classes['card']}`}>
      <Loaded query={factor} lines={4}>
        {({ on, required, recoveryCodesLeft, app, email, passkeyOrigin }) => (
          <>
            {required && !on && <Required />}
            <Method title="Passkeys" action={passkeysWorkHere(passkeyOrigin) && <Open onClick={open('add-passkey')}>Add a passkey</Open>}>
              A fingerprint, face, PIN or security key signs you in, without the password or after it. It answers to no other site.
              {!passkeysWorkHere(passkeyOrigin) && <PasskeyPlace origin={passkeyOrigin} path="/profile" />}
            </Method>
            <Loaded query={passkeys} lines={1}>
              {(all) => (
                <PasskeyItems
                  passkeys={all}
                  onRename={(passkey) => setDialog({ kind: 'rename', passkey })}
                  onRemove={({ id, title }) => setDialog({ kind: 'remove-passkey', id, title })}
                />
              )}
            </Loaded>
            <Method title="Authenticator app" action={<Open onClick={open(app ? 'remove-app' : 'set-up')}>{app ? 'Switch it off' : 'Set it up'}</Open>}>
              {app ? 'On.' : 'Off.'} An app such as Google Authenticator or Authy shows a code that you enter after your password.
            </Method>
            <Method
              title="Codes by mail"
              action={
                (email.on || email.fault === null) && (
                  <Open onClick={open(email.on ? 'email-off' : 'email-on')}>{email.on ? 'Switch them off' : 'Switch them on'}</Open>
                )
              }
            >
              {email.on ? 'On.' : 'Off.'} A code is mailed to you after your password. {email.fault !== null && emailFaults[email.fault]}
            </Method>
            {on && (
              <Method title="Recovery codes" action={<Open onClick={open('codes')}>New recovery codes</Open>}>
                {recoveryCodesLeft} of your recovery codes are left. Each signs you in once, for the day that everything else is lost.
              </Method>
            )}
          </>
        )}
      </Loaded>
      {dialog && <Opened dialog={dialog} onClose={() => setDialog(null)} />}
    </section>
  );
}

function Method({ title, children, action }: { title: string; children: ReactNode; action: ReactNode }) {
  return (
    <div className={classes['method']}>
      <div className={classes['words']}>
        <Text fw={600}>{title}</Text>
        <Text size="sm" component="div">
          {children}
        </Text>
      </div>
      {action}
    </div>
  );
}

function Open({ children, onClick }: { children: string; onClick: () => void }) {
  return (
    <Button size="xs" variant="default" onClick={onClick}>
      {children}
    </Button>
  );
}

function Required() {
  return (
    <Alert color="yellow" variant="light" styles={{ title: { color: 'var(--mantine-color-text)' } }} title="Your role requires a second factor" m="sm">
      Until you set one up you cannot do anything else.
    </Alert>
  );
}

function Opened({ dialog, onClose }: { dialog: Dialog; onClose: () => void }) {
  if (dialog.kind === 'set-up') return <SetUpFactorDialog onClose={onClose} />;
  if (dialog.kind === 'add-passkey') return <AddPasskeyDialog onClose={onClose} />;
  if (dialog.kind === 'rename') return <RenamePasskeyDialog passkey={dialog.passkey} onClose={onClose} />;
  return <FactorProofDialog task={dialog} onClose={onClose} />;
}
