// The mails that identity sends: plain text, nothing of a stranger's in them but the address they go to.
interface AccountMail {
  purpose: string;
  to: string;
  subject: string;
  text: string;
  usefulUntil: Date;
}
interface Linked {
  to: string;
  link: string;
  until: Date;
}

const foot = 'You get this mail because your address was entered in Tidewheel. If you did not expect it, do nothing.';

function mail(purpose: string, { to, link, until }: Linked, { subject, lines }: { subject: string; lines: string[] }): AccountMail {
  const text = [...lines, '', link, '', `The link works once, until ${until.toISOString().slice(0, 16).replace('T', ' ')} UTC.`, '', foot, ''].join('\n');
  return { purpose, to, subject, text, usefulUntil: until };
}

export function invitationMail({ by, ...linked }: Linked & { by: string }): AccountMail {
  return mail('invitation', linked, { subject: 'Your invitation to Tidewheel', lines: [`${by} invited you to Tidewheel. Make your account here:`] });
}

export function resetMail(linked: Linked): AccountMail {
  return mail('password.reset', linked, { subject: 'Set a new password for Tidewheel', lines: ['Set a new password for your account here:'] });
}

export function verificationMail(linked: Linked): AccountMail {
  return mail('email.verification', linked, { subject: 'Confirm your address for Tidewheel', lines: ['Confirm that this address is yours here:'] });
}

export function registrationMail(linked: Linked): AccountMail {
  return mail('registration', linked, { subject: 'Your account for Tidewheel', lines: ['Make your account here:'] });
}

export function emailChangeMail(linked: Linked): AccountMail {
  return mail('email.change', linked, {
    subject: 'Confirm your new address for Tidewheel',
    lines: ['Sign in to Tidewheel with this address from now on? Confirm it here:'],
  });
}

/** To the address that an account had until now. */
export function emailChangedMail({ to, now, until }: { to: string; now: string; until: Date }): AccountMail {
  const text = [
    `Your account for Tidewheel goes by ${now} now; this address signs in no more.`,
    '',
    'If it was not you who did it, tell an administrator at once.',
    '',
  ];
  return { purpose: 'email.changed', to, subject: 'Your address for Tidewheel was changed', text: text.join('\n'), usefulUntil: until };
}

/** To somebody who has an account and asks to make one: the page that asked must not tell. */
export function alreadyRegisteredMail(linked: Linked): AccountMail {
  const text = ['You have an account for Tidewheel already. Sign in, or set a new password, here:', '', linked.link, '', foot, ''].join('\n');
  return { purpose: 'registration', to: linked.to, subject: 'Your account for Tidewheel', text, usefulUntil: linked.until };
}

/** The subject is no secret, so the code is not in it. */
export function codeMail({ to, code, until }: { to: string; code: string; until: Date }): AccountMail {
  const lines = ['The code for your sign-in to Tidewheel:', '', code, ''];
  lines.push(`It works once, until ${until.toISOString().slice(11, 16)} UTC, and only in the browser that asked for it. Tell it to nobody.`, '');
  lines.push('You get this mail because somebody entered your password. If it was not you, change your password now.', '');
  return { purpose: 'sign-in.code', to, subject: 'Your code for signing in to Tidewheel', text: lines.join('\n'), usefulUntil: until };
}
