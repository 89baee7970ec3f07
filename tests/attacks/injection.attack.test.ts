// Every filter, sort and cursor of every list, with what breaks out of a statement, a pattern or a path where values are pasted together.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { internals, type Operation, type Site, startSite } from './site.ts';

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site?.stop());

/** Where it runs instead of being a value, the connection ends in the middle of the request. */
const blow = 'pg_terminate_backend(pg_backend_pid())';
const sql = [
  `' or '1'='1`,
  `' or 1=1 --`,
  `'; drop table flow; --`,
  `' union select id, token from identity.session --`,
  `1; select ${blow}`,
  `' || ${blow} || '`,
  `"; select 1; --`,
  `\\'; select ${blow}; --`,
  `$$; select ${blow}; $$`,
  `%27%20or%201%3D1`,
];
const other = [
  '../../../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  '\u0000',
  '\u202Egnp.exe',
  '%00',
  '{{7*7}}',
  `\${7*7}`,
  '<script>alert(1)</script>',
  '(a+)+$',
  '*)(uid=*))(|(uid=*',
  '$(sleep 3)',
  '`sleep 3`',
  '| sleep 3',
  '=cmd|calc',
  '\r\nX-Injected: yes',
  '__proto__',
  'constructor',
  '%',
  '_',
];

const textParameter = ({ in: where, schema }: Operation['parameters'][number]) => where === 'query' && isText(schema);
function isText(schema: Record<string, unknown>): boolean {
  const branches = [schema, ...((schema['anyOf'] ?? schema['oneOf'] ?? []) as Record<string, unknown>[])];
  return branches.some(({ type }) => type === 'string');
}

describe('every filter and sort of every list', () => {
  test('takes what breaks out of a statement as a value or refuses it', async () => {
    const lists = (await site.operations()).filter(({ method, path, parameters }) => method === 'GET' && !path.includes('{') && parameters.some(textParameter));
    expect(lists.length).toBeGreaterThan(8);
    const found: string[] = [];
    for (const { path, parameters } of lists) {
      for (const { name } of parameters.filter(textParameter)) {
        for (const value of [...sql, ...other]) {
          const answer = await site.ask('GET', `${path}?${new URLSearchParams({ [name]: value })}`);
          const total = Number(answer.body['total'] ?? 0);
          if (answer.status >= 500 || internals.test(answer.text.replaceAll(value, '')))
            found.push(`${path}?${name}=${value}: ${answer.status} ${answer.text.slice(0, 200)}`);
          // A value that matches nothing lists nothing, however it is written.
          if (answer.status === 200 && sql.includes(value) && total > 0) found.push(`${path}?${name}=${value} lists ${total}`);
        }
      }
    }
    expect(found).toEqual([]);
    expect((await site.ask('GET', '/api/flows')).status).toBe(200);
  });

  test('sorts by what its list names and by nothing else', async () => {
    const sorted = (await site.operations()).filter(({ method, parameters }) => method === 'GET' && parameters.some(({ name }) => name === 'sort'));
    expect(sorted.length).toBeGreaterThan(0);
    for (const { path } of sorted) {
      for (const sort of ['id; drop table flow', '(select 1)', 'title desc, pg_sleep(3)', 'constructor', '-']) {
        expect((await site.ask('GET', `${path}?${new URLSearchParams({ sort })}`)).status, `${path} ${sort}`).toBe(400);
      }
    }
  });

  test('a cursor that somebody wrote himself is refused', async () => {
    const forged = [{ s: 'title', k: [`' or 1=1 --`, '1'] }, ['x'], null, { __proto__: { s: 'title' } }].map((value) =>
      Buffer.from(JSON.stringify(value)).toString('base64url'),
    );
    for (const cursor of [...forged, 'AAAA', '....', `' or 1=1 --`]) {
      const answer = await site.ask('GET', `/api/flows?${new URLSearchParams({ cursor })}`);
      expect(answer.status, answer.text).toBe(400);
      expect(answer.text).not.toMatch(internals);
    }
  });

  test('a wildcard of a pattern is an ordinary character', async () => {
    for (const search of ['%', '_', '%%', 'd%mo'])
      expect((await site.ask('GET', `/api/flows?${new URLSearchParams({ search })}`)).body, search).toMatchObject({ total: 0 });
  });
});

describe('what users write into a flow', () => {
  const flow = (step: string) => `flow: probe\ntitle: Probe\nkind: job\nsteps:\n  one:\n${step}`;
  const validate = (source: string) => site.ask('POST', '/api/flows/validate', { source });

  test.each([
    ['reads a file of the server', `select * from read_csv('/etc/passwd')`],
    ['attaches a database', `attach '/tmp/x.db'`],
    ['loads an extension', 'install httpfs'],
    ['has two statements', 'select 1; select 2'],
    ['changes a setting', 'set enable_external_access = true'],
    ['calls a table function by a string', `select * from query('select 1')`],
  ])('SQL that %s is refused', async (_name, statement) => {
    const source = flow(`    use: table.sql\n    with: { sql: ${JSON.stringify(statement)} }\n`);
    const answer = await validate(source);
    expect(answer.body['valid'], answer.text).not.toBe(true);
    expect(answer.status).toBeLessThan(500);
  });

  test('a regular expression that runs away in other engines ends at once', async () => {
    const source = flow(`    use: report.text\n    when: '"${'a'.repeat(30)}!".matches("^(a+)+$")'\n    with: { fileName: x.txt, template: x }\n`);
    await site.ask('POST', '/api/flows', { source });
    const run = await site.ask('POST', '/api/flows/probe/runs', { parameters: {} });
    await expect.poll(async () => (await site.ask('GET', `/api/runs/${String(run.body['id'])}`)).body['state']).toMatch(/succeeded|failed/);
  });

  test('an expression that multiplies itself is stopped by its depth', async () => {
    const nested = Array.from({ length: 400 }).reduce<string>((inner) => `[${inner},${inner.slice(0, 20)}]`, '1');
    const source = flow(`    use: report.text\n    when: ${JSON.stringify(`size(${nested}) > 0`)}\n    with: { fileName: x.txt, template: x }\n`);
    const answer = await validate(source);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('The expression is nested too deeply');
  });

  test('a text template reads no file and calls nothing', async () => {
    for (const template of [
      "{% include '/etc/passwd' %}",
      "{% render '../../secret' %}",
      '{{ constructor.constructor("return process")() }}',
      '{{ "".__proto__ }}',
    ]) {
      const answer = await site.ask('POST', '/api/flows', {
        source: flow(`    use: report.text\n    with: { fileName: x.txt, template: ${JSON.stringify(template)} }\n`),
      });
      expect(answer.status, answer.text).toBeLessThan(500);
      if (answer.status >= 400) continue;
      const run = await site.ask('POST', '/api/flows/probe/runs', { parameters: {} });
      const id = String(run.body['id']);
      await expect.poll(async () => (await site.ask('GET', `/api/runs/${id}`)).body['state']).toMatch(/succeeded|failed/);
      const artifacts = (await site.ask('GET', `/api/artifacts?run=${id}`)).body['items'] as { id: string }[];
      for (const artifact of artifacts) expect((await site.ask('GET', `/api/artifacts/${artifact.id}/content`)).text).not.toMatch(/root:|process|native code/);
    }
  });
});
