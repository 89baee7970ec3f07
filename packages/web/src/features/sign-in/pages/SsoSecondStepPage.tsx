import { getRouteApi } from '@tanstack/react-router';
import { passSsoFactor } from '@tidewheel/client/routes';
import type { FactorMethod } from '@tidewheel/contract/routes/second-factor';
import { api } from '../../../shared/api.ts';
import { EntryFrame } from '../EntryFrame.tsx';
import { SecondStep } from '../SecondStep.tsx';
import { useEntering } from '../use-entering.ts';

const route = getRouteApi('/sign-in/second-step');
const known: readonly FactorMethod[] = ['passkey', 'app', 'email', 'recovery'];

/** The provider said who it is; the second factor of the account here is due. */
export function SsoSecondStepPage() {
  const { next, methods = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const onEntered = useEntering(next);
  return (
    <EntryFrame title="Sign in">
      <SecondStep
        methods={known.filter((method) => methods.split(' ').includes(method))}
        giveCode={(code) => api.call(passSsoFactor, { body: { code } })}
        onEntered={onEntered}
        onBack={() => void navigate({ to: '/sign-in' })}
      />
    </EntryFrame>
  );
}
