// Which addresses may be reached. An allow list opens what is closed by default; nothing closes what is public.
import { InvalidInput } from '@tidewheel/contract/errors';
import ipaddr from 'ipaddr.js';
import { type AddressKind, kindOf, parseAddress } from './address-kind.ts';

/**
 * `http`: an address that a user or a remote party can name (webhook, issuer, token URL): public addresses only.
 * `host`: a system that somebody with the right to edit connections entered: private ranges too, an on-premises product exists for them.
 */
export type EgressClass = 'http' | 'host';

/** One line of the allow list, taken apart. */
export type EgressRule = { text: string; port: number | undefined } & (
  | { name: string; network?: undefined }
  | { network: [ReturnType<typeof ipaddr.parse>, number]; name?: undefined }
);

/** What is asked: the name as it was written, the address it leads to. */
export interface EgressTarget {
  host: string;
  port: number;
  address: string;
  class: EgressClass;
}

const openByDefault: Readonly<Record<EgressClass, ReadonlySet<AddressKind>>> = {
  http: new Set(['public']),
  host: new Set(['public', 'private']),
};
/** A name says nothing of where its DNS will point tomorrow, and a broad network is not written with these in mind. */
const needsOwnNetwork: ReadonlySet<AddressKind> = new Set(['link-local', 'metadata', 'reserved']);

/**
 * `10.0.0.0/8`, `10.1.2.3`, `[fd00::5]:8443`, `idp.corp.example`, `*.corp.example:443`: an address, a network or a name, with or without a port.
 * @throws InvalidInput
 */
export function parseEgressRule(text: string): EgressRule {
  const [, bracketed, plain, portText] = /^(?:\[([^\]]+)\]|([^[\]]*?))(?::(\d{1,5}))?$/.exec(isBareV6(text) ? `[${text}]` : text) ?? [];
  const place = bracketed ?? plain ?? '';
  const port = portText === undefined ? undefined : Number(portText);
  if (port !== undefined && (port < 1 || port > 65_535)) throw invalidRule(text);
  const network = parseNetwork(place);
  if (network) return { text, port, network };
  const name = plainName(place);
  if (
    bracketed !== undefined ||
    !/^(?=.{1,253}$)(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/.test(name) ||
    looksNumeric(name)
  )
    throw invalidRule(text);
  return { text, port, name };
}

function isBareV6(text: string): boolean {
  return (text.match(/:/g)?.length ?? 0) > 1 && !text.startsWith('[');
}

function invalidRule(text: string): InvalidInput {
  return new InvalidInput('egress.rule', `"${text.slice(0, 100)}" is not an address, network or host name.`, {
    hint: 'Write 10.1.2.3, 10.0.0.0/8, idp.example.com or *.example.com, with :port behind it when only one port is meant ([fd00::5]:443 for IPv6).',
  });
}

function parseNetwork(text: string): [ReturnType<typeof ipaddr.parse>, number] | undefined {
  const [start = '', prefix, ...rest] = text.split('/');
  const isAddress = ipaddr.IPv4.isValidFourPartDecimal(start) || ipaddr.IPv6.isValid(start);
  if (!isAddress || rest.length > 0) return undefined;
  const address = ipaddr.parse(start);
  const bits = address.kind() === 'ipv4' ? 32 : 128;
  if (prefix === undefined) {
    const single = parseAddress(start) ?? address;
    return [single, single.kind() === 'ipv4' ? 32 : 128];
  }
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits ? [address, Number(prefix)] : undefined;
}

/** A last label of digits is an address to the resolver, in one of its old forms. */
function looksNumeric(name: string): boolean {
  return /(^|\.)(\d+|0x[0-9a-f]*)$/.test(name);
}

/** As names are compared: lower case, without the dot of the root. */
export function plainName(host: string): string {
  return host.toLowerCase().replace(/\.$/, '');
}

/** Why `target` may not be reached, or undefined when it may. */
export function refusalOf(target: EgressTarget, rules: readonly EgressRule[]): AddressKind | 'unreadable' | undefined {
  const address = parseAddress(target.address);
  if (!address) return 'unreadable';
  const kind = kindOf(address);
  if (openByDefault[target.class].has(kind)) return undefined;
  return rules.some((rule) => opens(rule, { target, address, kind })) ? undefined : kind;
}

function opens(rule: EgressRule, { target, address, kind }: { target: EgressTarget; address: ReturnType<typeof ipaddr.parse>; kind: AddressKind }): boolean {
  if (rule.port !== undefined && rule.port !== target.port) return false;
  if (rule.name !== undefined) return !needsOwnNetwork.has(kind) && matchesName(rule.name, plainName(target.host));
  const [start, prefix] = rule.network;
  if (start.kind() !== address.kind() || !address.match(rule.network)) return false;
  if (kind === 'metadata') return prefix === (start.kind() === 'ipv4' ? 32 : 128);
  return !needsOwnNetwork.has(kind) || kindOf(start) === kind;
}

function matchesName(pattern: string, name: string): boolean {
  return pattern.startsWith('*.') ? name.endsWith(pattern.slice(1)) : name === pattern;
}
