import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIni } from './ansible-ini.ts';
import { hostsOf } from './ansible-inventory.ts';
import { parseYaml } from './ansible-yaml.ts';
import { parseCsv } from './csv.ts';
import { expandRange } from './host-range.ts';
import type { ImportLine } from './import-line.ts';
import { inOrder } from './order.ts';

const names = (lines: readonly ImportLine[]) => lines.map(({ name }) => name);

describe('ranges', () => {
  it.each([
    ['web01', ['web01']],
    ['web[08:11].lan', ['web08.lan', 'web09.lan', 'web10.lan', 'web11.lan']],
    ['db-[a:c]', ['db-a', 'db-b', 'db-c']],
    ['n[1:9:4]', ['n1', 'n5', 'n9']],
    ['r[1:2]-n[a:b]', ['r1-na', 'r1-nb', 'r2-na', 'r2-nb']],
  ])('%s', (pattern, hosts) => expect(expandRange(pattern)).toEqual(hosts));
  it.each([['web[5:1]'], ['web[1:99999999]'], ['web[1:5:0]'], ['web[a:5]'], ['web[oops]'], ['a[1:5000]b[1:5000]']])('refuses %s', (pattern) =>
    expect(() => expandRange(pattern)).toThrow(/range|stands for/),
  );
});

describe('CSV', () => {
  it('takes columns by the names people give them, and says of each as what', () => {
    const { columns, lines, faults } = parseCsv(
      '\uFEFFHostname;IP Address;Operating System;Tags;Rack;facts.site;settings.port\nweb01;10.0.0.1;Linux;a, b;B7;Köln;2222\n',
    );
    expect(columns.map(({ column, field }) => [column, field])).toEqual([
      ['Hostname', 'name'],
      ['IP Address', 'address'],
      ['Operating System', 'os'],
      ['Tags', 'tags'],
      ['Rack', null],
      ['facts.site', 'facts.site'],
      ['settings.port', 'settings.port'],
    ]);
    expect([faults, lines]).toEqual([
      [],
      [{ line: 2, name: 'web01', fields: { address: '10.0.0.1', os: 'Linux', tags: ['a', 'b'] }, settings: { port: 2222 }, facts: { site: 'Köln' } }],
    ]);
  });
  it('names faults by line: no name, columns too many, columns that are not there or taken twice', () => {
    expect(parseCsv('name,address\nweb01,a,b\n,x\n\nweb02,"a\nb"\n').faults).toMatchObject([
      { line: 2, message: 'has 3 columns, but the headings are 2' },
      { line: 3, message: 'has no name' },
    ]);
    expect(parseCsv('server,where\nx,y\n', { wher: 'address' }).faults).toMatchObject([
      { message: 'there is no column "wher"', hint: 'Did you mean "where"?' },
    ]);
    expect(parseCsv('name,host\nx,y\n').faults).toMatchObject([{ message: 'more than one column is taken as name' }]);
    expect(parseCsv('where\ny\n').faults).toMatchObject([{ message: 'no column is taken as name' }]);
    expect(() => parseCsv('name\n"never closed\n')).toThrow(/no CSV/);
    expect(() => parseCsv('')).toThrow(/nothing to import/);
  });
});

const ini = `# our hosts
bastion ansible_host=10.0.0.1 ansible_port=2222 ansible_user=jump

[web]
web[01:02].lan http_port=80 note="two words" # the first two
web03.lan:2200
[db]
db-a ansible_host="2001:db8::7" ansible_password=secret
[windows]
win1 ansible_connection=winrm
[production:children]
web
db
[production:vars]
site=fra
ansible_ssh_pass=hidden
[all:vars]
owner=ops
site=elsewhere
`;

describe('an Ansible inventory', () => {
  it('as INI gives hosts with what they inherit, and leaves passwords out', () => {
    const { lines, faults, notes } = hostsOf(parseIni(ini));
    expect(faults).toEqual([]);
    expect(names(lines)).toEqual(['bastion', 'web01.lan', 'web02.lan', 'web03.lan', 'db-a', 'win1']);
    expect(lines[0]).toMatchObject({
      line: 2,
      fields: { address: '10.0.0.1' },
      settings: { port: 2222 },
      user: 'jump',
      facts: { owner: 'ops', site: 'elsewhere' },
    });
    expect(lines[1]).toMatchObject({ line: 5, fields: { groups: ['web', 'production'] }, facts: { site: 'fra', http_port: 80, note: 'two words' } });
    expect(lines[3]).toMatchObject({ settings: { port: 2200 } });
    expect(lines[4]).toMatchObject({ fields: { address: '2001:db8::7', groups: ['db', 'production'] } });
    expect(lines[5]).toMatchObject({ fields: { transport: 'winrm', os: 'windows' } });
    expect(JSON.stringify([lines, notes])).not.toMatch(/hidden|"secret"/);
    expect(notes).toContain('ansible_password was left out: passwords belong into a credential.');
  });
  it('as YAML gives the same; what Ansible Vault has encrypted is said plainly', () => {
    const { lines, faults, notes } = hostsOf(
      parseYaml(`all:
  vars: { owner: ops }
  children:
    production:
      vars: { site: fra }
      children:
        web:
          hosts:
            web[01:02].lan: { http_port: 80 }
            hidden:
              ansible_host: !vault |
                $ANSIBLE_VAULT;1.1;AES256
                6231
              token_of_api: !vault |
                $ANSIBLE_VAULT;1.1;AES256
                6231
        empty:
`),
    );
    expect(names(lines)).toEqual(['web01.lan', 'web02.lan', 'hidden']);
    expect(lines[0]).toMatchObject({ line: 9, fields: { groups: ['web', 'production'] }, facts: { owner: 'ops', site: 'fra', http_port: 80 } });
    expect(faults).toMatchObject([{ line: 10, name: 'hidden', message: 'ansible_host is encrypted by Ansible Vault' }]);
    expect(notes[0]).toMatch(/token_of_api is encrypted by Ansible Vault/);
  });
  it('with groups in a circle, sections that are none and YAML that is none ends', () => {
    expect(names(hostsOf(parseIni('[a:children]\nb\n[b:children]\na\n[a]\nx\n')).lines)).toEqual(['x']);
    expect(parseIni('[a:things]\nx\n').faults).toHaveLength(1);
    expect(() => parseYaml('- a\n- b\n')).toThrow(/mapping of groups/);
    expect(() => parseYaml('a: [\n')).toThrow(/no YAML/);
  });
  it('never throws anything but a reason, whatever the text is', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '[', ']', ':', '=', '"', "'", '\n', ' ', '{', '}', '-', '#', '1', '&', '*', '!') }), (text) => {
        expect(hostsOf(parseIni(text)).lines.length).toBeGreaterThanOrEqual(0);
        for (const read of [() => hostsOf(parseYaml(text)), () => parseCsv(text)])
          try {
            read();
          } catch (thrown) {
            expect((thrown as { status?: number }).status).toBe(400);
          }
      }),
    );
  });
});

const line = (name: string, via?: string, dependsOn: string[] = []): ImportLine => ({
  line: Number(name.slice(1)),
  name,
  fields: { ...(via ? { via } : {}), dependsOn },
  settings: {},
  facts: {},
});

describe('the order of an import', () => {
  it('puts hosts behind those that they lead to, and names circles', () => {
    expect(names(inOrder([line('h1', 'H3'), line('h2', undefined, ['h1']), line('h3')]).ordered)).toEqual(['h3', 'h1', 'h2']);
    expect(inOrder([line('h1', 'h2'), line('h2', 'h1')]).faults).toMatchObject([{ line: 2, message: 'leads in a circle: h1 → h2 → h1' }]);
  });
  it('is not stopped by a chain as long as the file', () => {
    const chain = Array.from({ length: 20_000 }, (_, at) => line(`h${at}`, at < 19_999 ? `h${at + 1}` : undefined));
    expect(inOrder(chain).ordered[0]?.name).toBe('h19999');
  });
});
