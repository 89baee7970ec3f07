// From where a key may be used: a list of networks (CIDR), asked with every request that brings such a key.
import { BlockList, isIP, isIPv6 } from 'node:net';

const lists = new Map<string, BlockList>();
const most = 1_000;

/** `::ffff:10.0.0.1` is 10.0.0.1. */
export function isWithin(networks: readonly string[], address: string): boolean {
  const plain = (/^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address).split('%')[0] ?? '';
  if (isIP(plain) === 0) return false;
  return listOf(networks).check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
}

function listOf(networks: readonly string[]): BlockList {
  const key = networks.join(' ');
  const known = lists.get(key);
  if (known) return known;
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    list.addSubnet(address, Number(prefix ?? (family === 'ipv6' ? 128 : 32)), family);
  }
  if (lists.size >= most) lists.clear();
  lists.set(key, list);
  return list;
}
