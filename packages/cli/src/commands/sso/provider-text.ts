import type { SsoMapping, SsoProvider, SsoRule } from '@tidewheel/contract/routes/sso';
import type { Printer } from '../../output/printer.ts';
import { instant } from '../../output/text.ts';

const trusts = { claim: 'those it says so of (email_verified)', always: 'all', never: 'none' };

export function printProvider(print: Printer, provider: SsoProvider): void {
  print.result(provider, () => {
    const factors = { ours: 'ours', claims: `theirs, with ${provider.factorValues.join(', ')}`, always: 'theirs, always' };
    print.line(`Provider          ${provider.title} (${provider.slug})${provider.enabled ? '' : ', switched off'}`);
    print.line(`Issuer            ${provider.issuer}${provider.certificateAuthority ? ', own certificate authority' : ''}`);
    print.line(`Client            ${provider.clientId}${provider.hasSecret ? ', with a secret' : ', public'}`);
    print.line(`Redirect URI      ${provider.redirectUri}`);
    print.line(`Scopes            ${provider.scopes.join(' ')}`);
    print.line(`E-mail domains    ${provider.emailDomains.join(', ') || '(none)'}`);
    print.line(`Confirmed e-mail  ${trusts[provider.emailTrust]}`);
    print.line(`Makes accounts    ${provider.provision ? 'yes' : 'no'}`);
    print.line(`Takes over        ${provider.linkByEmail ? 'accounts with the same confirmed address' : 'no accounts'}`);
    print.line(`Groups            claim ${provider.groupsClaim}`);
    print.line(`Second factor     ${factors[provider.secondFactor]}`);
    print.line(`Signs out there   ${provider.endSession ? 'yes' : 'no'}`);
    print.line(`Linked accounts   ${provider.users}`);
    print.line(`Changed           ${instant(provider.updatedAt)} by ${provider.updatedBy}`);
    printMapping(print, provider.mapping, provider.groupsClaim);
  });
}

const verbs: Record<SsoRule['operator'], string> = { equals: 'is', contains: 'has', startsWith: 'has one that begins with' };

export function printMapping(print: Printer, { rules, otherwise }: SsoMapping, groupsClaim: string): void {
  for (const [index, { claim, operator, value, role, workspace }] of rules.entries())
    print.line(`Rule ${String(index + 1).padEnd(12)} ${claim ?? groupsClaim} ${verbs[operator]} "${value}" -> ${role} in ${workspace}`);
  print.line(`Otherwise         ${otherwise ? `${otherwise.role} in ${otherwise.workspace}` : 'no role'}`);
}
