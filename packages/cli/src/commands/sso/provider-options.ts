// The options that `sso add` and `sso set` share, and what they mean to the server.
import { Option } from '@commander-js/extra-typings';
import type { SsoProviderChange } from '@tidewheel/contract/routes/sso';
import { type CommandText, command } from '../../command.ts';
import { readSecret, readText } from '../../input.ts';

const switchOf = (flags: string, text: string) => new Option(flags, text).choices(['on', 'off'] as const);

/** `sso add` and `sso set`: the same options. A new provider needs the first three. */
export function providerCommand(name: 'add' | 'set', text: CommandText & { provider: [usage: '<name>' | '<provider>', what: string] }) {
  const isNew = name === 'add';
  return command(name, text)
    .argument(...text.provider)
    .addOption(new Option('--title <text>', 'on the button of the sign-in page').makeOptionMandatory(isNew))
    .addOption(new Option('--issuer <url>', 'as the provider names it').makeOptionMandatory(isNew))
    .addOption(new Option('--client-id <id>', 'of Tidewheel at the provider').makeOptionMandatory(isNew))
    .addOption(new Option('--client-secret <source>', 'from stdin (-) or a file (@path); never the secret itself'))
    .addOption(new Option('--scopes <list>', 'by commas; openid,email,profile unless told').argParser(list))
    .addOption(new Option('--domains <list>', 'e-mail domains by commas, exactly these; none for none').argParser(list))
    .addOption(new Option('--email-trust <way>', 'which of its addresses count as confirmed').choices(['claim', 'always', 'never'] as const))
    .addOption(switchOf('--provision <state>', 'people without an account get one'))
    .addOption(switchOf('--link-by-email <state>', 'an account with the same confirmed address is taken over'))
    .addOption(new Option('--groups-claim <path>', 'the claim that holds the groups'))
    .addOption(new Option('--second-factor <whose>', 'what stands for the second factor').choices(['ours', 'claims', 'always'] as const))
    .addOption(new Option('--factor-values <list>', 'amr or acr values that count, by commas').argParser(list))
    .addOption(switchOf('--end-session <state>', 'signing out here signs out there too'))
    .addOption(new Option('--certificate <file>', 'PEM of a private authority that signed its certificate; none for none'))
    .addOption(switchOf('--enabled <state>', 'on the sign-in page'))
    .addOption(new Option('--position <n>', 'order of the buttons').argParser(Number));
}

interface Given {
  title?: string | undefined;
  issuer?: string | undefined;
  clientId?: string | undefined;
  clientSecret?: string | undefined;
  scopes?: string[] | undefined;
  domains?: string[] | undefined;
  emailTrust?: 'claim' | 'always' | 'never' | undefined;
  provision?: 'on' | 'off' | undefined;
  linkByEmail?: 'on' | 'off' | undefined;
  groupsClaim?: string | undefined;
  secondFactor?: 'ours' | 'claims' | 'always' | undefined;
  factorValues?: string[] | undefined;
  endSession?: 'on' | 'off' | undefined;
  certificate?: string | undefined;
  enabled?: 'on' | 'off' | undefined;
  position?: number | undefined;
}

/** What was given, and nothing else. @throws InvalidInput for files that cannot be read */
export async function changeOf(given: Given): Promise<SsoProviderChange> {
  const { title, issuer, clientId, scopes, emailTrust, groupsClaim, secondFactor, factorValues, position, certificate } = given;
  const clientSecret = given.clientSecret === undefined ? undefined : await readSecret(given.clientSecret, 'The client secret');
  const certificateAuthority = certificate === undefined ? undefined : certificate === 'none' ? null : await readText(certificate);
  const all = { title, issuer, clientId, clientSecret, scopes, emailDomains: given.domains, emailTrust, groupsClaim, secondFactor, factorValues, position };
  const switches = { provision: isOn(given.provision), linkByEmail: isOn(given.linkByEmail), endSession: isOn(given.endSession), enabled: isOn(given.enabled) };
  return Object.fromEntries(Object.entries({ ...all, ...switches, certificateAuthority }).filter(([, value]) => value !== undefined));
}

function isOn(state: 'on' | 'off' | undefined): boolean | undefined {
  return state === undefined ? undefined : state === 'on';
}

function list(text: string): string[] {
  if (text === 'none') return [];
  return text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
}
