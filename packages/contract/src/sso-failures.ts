// Why a sign-in through a provider came to nothing, in fixed words: the code travels in an address, the words do not.

export const ssoFailures = {
  'sso.unknown_provider': ['There is no such way to sign in (any more).', 'Go back to the sign-in page and choose another.'],
  'sso.not_started': [
    'This sign-in was not begun in this browser, was used already, or took longer than ten minutes.',
    'Begin anew from the sign-in page, in one window.',
  ],
  'sso.cancelled': ['The sign-in was cancelled at the provider.', 'Try again, or sign in another way.'],
  'sso.provider_refused': ['The provider refused the sign-in.', 'An administrator finds the provider’s words in the audit trail.'],
  'sso.unreachable': ['The provider cannot be reached just now.', 'Try again in a while. Signing in with a password goes on.'],
  'sso.untrusted_answer': [
    'What the provider answered did not hold: it is not for this sign-in, or not signed as it must be.',
    'Try again. If it stays so, an administrator finds the reason in the audit trail and in the log of the server.',
  ],
  'sso.too_large': ['The provider says more about you than is taken (100 kB).', 'An administrator of the provider can send fewer groups to this application.'],
  'sso.no_email': ['The provider does not tell your e-mail address.', 'An administrator can add the scope `email`, or have you linked from your profile page.'],
  'sso.email_unverified': [
    'The provider does not vouch for your e-mail address.',
    'Confirm the address at the provider. If you have an account here, sign in with your password and link it on your profile page.',
  ],
  'sso.domain': ['Your e-mail address is not of a domain that may sign in through this provider.', 'Use your address at work, or ask an administrator.'],
  'sso.not_provisioned': ['You have no account here, and this provider makes none.', 'Ask an administrator for an invitation.'],
  'sso.link_refused': [
    'There is an account with your address, and this provider does not take accounts over.',
    'Sign in with your password, then link the provider on your profile page.',
  ],
  'sso.link_unconfirmed': [
    'There is an account with your address, but the address was never confirmed, so it may be somebody else’s.',
    'Sign in with your password, then link the provider on your profile page.',
  ],
  'sso.other_subject': [
    'Your account is linked to another person at this provider.',
    'An address that was given to somebody new does not open the old account. Ask an administrator to end the old link.',
  ],
  'sso.linked_elsewhere': ['This person at the provider is linked to another account here.', 'Sign in through the provider to get into that account.'],
  'sso.link_session': ['Linking was begun by somebody who is not signed in here any more.', 'Sign in, then link the provider on your profile page.'],
  'sso.no_role': ['No role here follows from what the provider says about you.', 'Ask an administrator which group you need.'],
  'sso.separation': [
    'The role that follows from what the provider says would bring together duties that are kept apart here.',
    'An administrator changes your groups, the rules or what else you were given.',
  ],
  'sso.suspended': ['This account is suspended.', 'Ask an administrator of your workspace.'],
  'sso.failed': ['Something went wrong on our side.', 'Try again; an administrator finds the reason in the log of the server.'],
} as const satisfies Record<string, readonly [message: string, hint: string]>;
export type SsoFailure = keyof typeof ssoFailures;

export function isSsoFailure(code: string): code is SsoFailure {
  return Object.hasOwn(ssoFailures, code);
}
