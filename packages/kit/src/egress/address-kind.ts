// What kind of place an IP address is, by the IANA special-purpose registries (RFC 6890 and its successors), with the IPv4 address inside an IPv6 one.
import { isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

export type AddressKind = 'public' | 'private' | 'loopback' | 'link-local' | 'metadata' | 'reserved';

type Ip = ReturnType<typeof ipaddr.parse>;

/** Where clouds hand out credentials to whoever asks. Most lie in link-local ranges; these do not, or are worth their own name. */
const metadata = [
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '169.254.42.42',
  '100.100.100.200',
  '192.0.0.192',
  '168.63.129.16',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
  'fd00:42::42',
];
const metadataAddresses: ReadonlySet<string> = new Set(metadata.map((address) => ipaddr.parse(address).toString()));

const kindOfRange: Readonly<Record<string, AddressKind>> = {
  unicast: 'public',
  private: 'private',
  uniqueLocal: 'private',
  carrierGradeNat: 'private',
  loopback: 'loopback',
  // 0.0.0.0 and :: reach this machine on most systems.
  unspecified: 'loopback',
  linkLocal: 'link-local',
};
const globalUnicast: [Ip, number] = ipaddr.parseCIDR('2000::/3');
const nat64: [Ip, number] = ipaddr.parseCIDR('64:ff9b::/96');

/** The address in its one form, an IPv4-mapped or NAT64 one as the IPv4 address that is really reached; undefined when it is none. */
export function parseAddress(text: string): Ip | undefined {
  const [plain = ''] = text.replace(/^\[(.*)\]$/, '$1').split('%');
  // The four-part decimal form only: `010.0.0.1`, `0x7f.1` and `2130706433` mean different hosts to different programs.
  if (!ipaddr.IPv4.isValidFourPartDecimal(plain) && !ipaddr.IPv6.isValid(plain)) return undefined;
  // ipaddr.js reads `::1.2.3.4` as if it were mapped; in hexadecimal it says what it is.
  const address = ipaddr.parse(isIPv6(plain) ? new URL(`http://[${plain}]`).hostname.slice(1, -1) : plain);
  if (address instanceof ipaddr.IPv4) return address;
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  return address.match(nat64) ? new ipaddr.IPv4(address.toByteArray().slice(12)) : address;
}

/** Forms that carry an IPv4 address where a router may unpack it (6to4, Teredo, IPv4-compatible, local NAT64) are `reserved`. */
export function kindOf(address: Ip): AddressKind {
  if (metadataAddresses.has(address.toString())) return 'metadata';
  const kind = kindOfRange[address.range()] ?? 'reserved';
  if (kind !== 'public' || address instanceof ipaddr.IPv4) return kind;
  // ISATAP (RFC 5214) embeds an IPv4 address in any prefix.
  const isIsatap = address.parts[5] === 0x5efe && ((address.parts[4] ?? 0) & 0xfdff) === 0;
  return address.match(globalUnicast) && !isIsatap ? 'public' : 'reserved';
}
