import { describe, expect, it } from 'vitest';
import { kindOf, parseAddress } from './address-kind.ts';
import { type EgressClass, parseEgressRule, refusalOf } from './egress-policy.ts';

const kind = (text: string) => {
  const address = parseAddress(text);
  return address && kindOf(address);
};

describe('the kind of an address', () => {
  it.each([
    ['93.184.216.34', 'public'],
    ['2606:4700::1111', 'public'],
    ['10.0.0.1', 'private'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['172.32.0.1', 'public'],
    ['192.168.1.1', 'private'],
    ['100.64.0.1', 'private'],
    ['fc00::1', 'private'],
    ['fdff::1', 'private'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['::1', 'loopback'],
    ['0.0.0.0', 'loopback'],
    ['0.1.2.3', 'loopback'],
    ['::', 'loopback'],
    ['169.254.1.1', 'link-local'],
    ['fe80::1', 'link-local'],
    ['fe80::1%eth0', 'link-local'],
    ['169.254.169.254', 'metadata'],
    ['100.100.100.200', 'metadata'],
    ['192.0.0.192', 'metadata'],
    ['168.63.129.16', 'metadata'],
    ['fd00:ec2::254', 'metadata'],
    ['224.0.0.1', 'reserved'],
    ['255.255.255.255', 'reserved'],
    ['240.0.0.1', 'reserved'],
    ['198.18.0.1', 'reserved'],
    ['192.0.2.1', 'reserved'],
    ['ff02::1', 'reserved'],
    ['2001:db8::1', 'reserved'],
    ['fec0::1', 'reserved'],
    ['4000::1', 'reserved'],
    // An IPv4 address inside: what is really reached, or, where a router might unpack it, closed.
    ['::ffff:127.0.0.1', 'loopback'],
    ['::ffff:7f00:1', 'loopback'],
    ['::ffff:169.254.169.254', 'metadata'],
    ['::ffff:93.184.216.34', 'public'],
    ['64:ff9b::10.0.0.1', 'private'],
    ['64:ff9b::a9fe:a9fe', 'metadata'],
    ['64:ff9b::93.184.216.34', 'public'],
    ['64:ff9b:1::7f00:1', 'reserved'],
    ['::127.0.0.1', 'reserved'],
    ['::ffff:0:127.0.0.1', 'reserved'],
    ['2002:7f00:1::1', 'reserved'],
    ['2001:0:4136:e378:8000:63bf:3fff:fdd2', 'reserved'],
    ['2606:4700::5efe:127.0.0.1', 'reserved'],
  ])('%s is %s', (address, expected) => {
    expect(kind(address)).toBe(expected);
  });

  it.each(['2130706433', '0x7f000001', '0177.0.0.1', '010.0.0.1', '127.1', '0', 'localhost', '', '1.2.3.4.5', '[::1', '127.0.0.1.'])(
    '%j is no address in its one form',
    (text) => {
      expect(parseAddress(text)).toBeUndefined();
    },
  );
});

const refusal = (target: { host?: string; address: string; port?: number; class?: EgressClass }, ...rules: string[]) =>
  refusalOf(
    { host: target.host ?? target.address, port: target.port ?? 443, class: target.class ?? 'http', address: target.address },
    rules.map(parseEgressRule),
  );

describe('the policy', () => {
  it('lets users reach public addresses only, and connections private networks too', () => {
    expect(refusal({ address: '93.184.216.34' })).toBeUndefined();
    expect(refusal({ address: '10.1.2.3' })).toBe('private');
    expect(refusal({ address: '10.1.2.3', class: 'host' })).toBeUndefined();
    expect(refusal({ address: 'fd12::1', class: 'host' })).toBeUndefined();
    expect(refusal({ address: '127.0.0.1', class: 'host' })).toBe('loopback');
    expect(refusal({ address: '169.254.169.254', class: 'host' })).toBe('metadata');
    expect(refusal({ address: 'nonsense', class: 'host' })).toBe('unreadable');
  });

  it('opens what the list names, by address, network, name and port', () => {
    expect(refusal({ address: '10.1.2.3' }, '10.0.0.0/8')).toBeUndefined();
    expect(refusal({ address: '11.1.2.3', class: 'host' }, '10.0.0.0/8')).toBeUndefined();
    expect(refusal({ address: '10.1.2.3', port: 8443 }, '10.1.2.3:8443')).toBeUndefined();
    expect(refusal({ address: '10.1.2.3', port: 22 }, '10.1.2.3:8443')).toBe('private');
    expect(refusal({ address: 'fd00::5', port: 443 }, '[fd00::5]:443')).toBeUndefined();
    expect(refusal({ address: 'fd00::5', port: 80 }, '[fd00::5]:443')).toBe('private');
    expect(refusal({ address: '::ffff:127.0.0.1' }, '127.0.0.0/8')).toBeUndefined();
    expect(refusal({ host: 'IdP.Corp.Example.', address: '10.9.9.9' }, 'idp.corp.example')).toBeUndefined();
    expect(refusal({ host: 'a.corp.example', address: '10.9.9.9' }, '*.corp.example')).toBeUndefined();
    expect(refusal({ host: 'corp.example', address: '10.9.9.9' }, '*.corp.example')).toBe('private');
    expect(refusal({ host: 'evilcorp.example', address: '10.9.9.9' }, '*.corp.example')).toBe('private');
    expect(refusal({ host: 'localhost', address: '127.0.0.1' }, 'localhost')).toBeUndefined();
  });

  it('opens metadata services by their very address only, and link-local by a network of its own', () => {
    expect(refusal({ address: '169.254.169.254' }, '0.0.0.0/0')).toBe('metadata');
    expect(refusal({ address: '169.254.169.254' }, '169.254.0.0/16')).toBe('metadata');
    expect(refusal({ host: 'metadata.google.internal', address: '169.254.169.254' }, 'metadata.google.internal')).toBe('metadata');
    expect(refusal({ address: '169.254.169.254' }, '169.254.169.254')).toBeUndefined();
    expect(refusal({ address: '169.254.7.7' }, '0.0.0.0/0')).toBe('link-local');
    expect(refusal({ address: '169.254.7.7' }, '169.254.0.0/16')).toBeUndefined();
    expect(refusal({ address: '224.0.0.1' }, '0.0.0.0/0')).toBe('reserved');
    expect(refusal({ address: '10.0.0.1' }, '0.0.0.0/0')).toBeUndefined();
  });

  it.each([
    '',
    '10.0.0.0/33',
    '10.0.0/8',
    '010.0.0.1',
    '2130706433',
    '0x7f.1',
    'http://x.example',
    'a b',
    '*',
    '*.',
    'x.example:0',
    'x.example:99999',
    '-x.example',
    '[x.example]:1',
    '10.0.0.0/8/8',
  ])('refuses the line %j', (line) => {
    expect(() => parseEgressRule(line)).toThrow(/is not an address, network or host name/);
  });
});
