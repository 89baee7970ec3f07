import { useMutation } from '@tanstack/react-query';
import { beginPasskeySignIn, passkeySignIn } from '@tidewheel/client/routes';
import type { Me } from '@tidewheel/contract/routes/identity';
import { useEffect, useRef } from 'react';
import { api } from '../../shared/api.ts';
import { askPasskey, canOfferInField, stopOffering } from '../../shared/passkeys.ts';

/** Signing in with a passkey at the press of a button. */
export function usePasskeyEntry({ secondFactor, onEntered }: { secondFactor: boolean; onEntered: (me: Me) => void }) {
  return useMutation({
    mutationFn: async () => {
      const credential = await askPasskey(await api.call(beginPasskeySignIn, { body: { secondFactor } }));
      return api.call(passkeySignIn, { body: { credential } });
    },
    onSuccess: onEntered,
  });
}

/** Where the browser can, it offers passkeys in the e-mail field. That nobody takes the offer is no error. */
export function usePasskeyOffer({ isOn, onEntered }: { isOn: boolean; onEntered: (me: Me) => void }): void {
  const entered = useRef(onEntered);
  entered.current = onEntered;
  useEffect(() => {
    if (!isOn) return;
    let isGone = false;
    const offer = async () => {
      if (!(await canOfferInField())) return;
      const options = await api.call(beginPasskeySignIn, { body: {} });
      if (isGone) return;
      const credential = await askPasskey(options, { inField: true });
      if (!isGone) entered.current(await api.call(passkeySignIn, { body: { credential } }));
    };
    offer().catch(() => undefined);
    return () => {
      isGone = true;
      void stopOffering();
    };
  }, [isOn]);
}
