// Workspaces and service accounts from a shell: switch, see another list, and let a program in with a key that may do little.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apply, type Product, startProduct } from '../bad-input/product.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.stop());

const run = (...args: string[]) => product.shell.tidewheel(args);
const source = 'flow: hello\ntitle: Hello\nkind: job\nsteps:\n  hello:\n    use: report.text\n    with: { fileName: hello.txt, template: Hello }\n';
const slugs = async (...more: string[]) => (await run('flow', 'list', '--json', ...more)).json<{ slug: string }[]>().map((flow) => flow.slug);

test('a workspace is made, switched to, and shows its own', async () => {
  await apply(product.client, source);
  expect(await run('workspace', 'create', 'treasury', '--title', 'Treasury')).toMatchObject({ code: 0, stdout: expect.stringContaining('Treasury') });
  expect(await slugs()).toContain('hello');
  expect(await slugs('--workspace', 'treasury')).toEqual([]);
  expect(await run('workspace', 'use', 'treasury')).toMatchObject({ code: 0, stdout: 'You work in Treasury (admin).\n' });
  expect(await slugs()).toEqual([]);
  expect(await slugs('--workspace', 'main')).toContain('hello');
  const bySetting = await product.shell.tidewheel(['flow', 'list', '--json'], { env: { TIDEWHEEL_WORKSPACE: 'main' } });
  expect(bySetting.json<unknown[]>().length).toBeGreaterThan(0);
  expect(await run('whoami')).toMatchObject({ stdout: expect.stringContaining('Treasury (treasury)') });
  expect(await run('flow', 'list', '--workspace', 'nowhere')).toMatchObject({ code: 4, stderr: expect.stringContaining('not a member of this workspace') });
  expect(await run('workspace', 'use', 'nowhere')).toMatchObject({ code: 4, stderr: expect.stringContaining('tidewheel login') });
});

test('it keeps its old name, is archived and restored', async () => {
  expect(await run('workspace', 'rename', 'treasury', '--slug', 'funding', '--workspace', 'main')).toMatchObject({ code: 0 });
  expect(await run('flow', 'list')).toMatchObject({ code: 0 });
  expect(await run('workspace', 'archive', 'funding', '--workspace', 'main')).toMatchObject({ code: 0 });
  expect(await run('flow', 'list')).toMatchObject({ code: 4, stderr: expect.stringContaining('archived') });
  expect(await run('workspace', 'archive', 'main', '--workspace', 'main')).toMatchObject({ code: 6 });
  expect(await run('workspace', 'restore', 'funding', '--workspace', 'main')).toMatchObject({ code: 0 });
  expect(await run('workspace', 'use', 'main')).toMatchObject({ code: 0 });
  expect(await run('workspace', 'list')).toMatchObject({ stdout: expect.stringMatching(/funding\s+Treasury\s+admin/) });
  expect(await run('workspace', 'members')).toMatchObject({ code: 0 });
});

test('a service account works with a key of small scope, and no further', async () => {
  expect(await run('service-account', 'create', 'nightly', '--title', 'Nightly', '--role', 'operator')).toMatchObject({ code: 0 });
  const made = await run(
    'service-account',
    'create-key',
    'nightly',
    'scheduler',
    '--scope',
    'flow.read,flow.run,run.read,artifact.read@flow=hel*',
    '--network',
    '127.0.0.0/8',
  );
  expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('not shown again') });
  const env = { TIDEWHEEL_TOKEN: made.stdout.trim(), TIDEWHEEL_URL: product.server.origin };
  const asKey = (...args: string[]) => product.shell.tidewheel(args, { env });
  expect(await asKey('whoami')).toMatchObject({ stdout: expect.stringContaining('service:nightly') });
  expect((await asKey('flow', 'list', '--json')).json<{ slug: string }[]>().map((flow) => flow.slug)).toEqual(['hello']);
  expect(await asKey('run', 'start', 'hello', '--watch')).toMatchObject({ code: 0 });
  // What is outside of its scope does not exist for it.
  expect(await asKey('run', 'start', 'flight-delays')).toMatchObject({ code: 5 });
  expect(await asKey('user', 'list')).toMatchObject({ code: 4 });
  expect(await asKey('token', 'create', 'bigger')).toMatchObject({ code: 4, stderr: expect.stringContaining('limits of its own') });
  const [key] = (await run('service-account', 'keys', 'nightly', '--json')).json<{ id: string; prefix: string }[]>();
  expect(made.stdout.startsWith(key?.prefix ?? '-')).toBe(true);
  const rotated = await run('service-account', 'rotate-key', 'nightly', key?.id ?? '', '--overlap-hours', '0');
  expect(rotated).toMatchObject({ code: 0 });
  expect(await asKey('whoami')).toMatchObject({ code: 3 });
  expect(await run('service-account', 'suspend', 'nightly')).toMatchObject({ code: 0 });
  const next = { env: { ...env, TIDEWHEEL_TOKEN: rotated.stdout.trim() } };
  expect(await product.shell.tidewheel(['whoami'], next)).toMatchObject({ code: 3 });
  expect(await run('service-account', 'restore', 'nightly')).toMatchObject({ code: 0 });
  expect(await product.shell.tidewheel(['whoami'], next)).toMatchObject({ code: 0 });
  expect(await run('service-account', 'list')).toMatchObject({ stdout: expect.stringContaining('nightly') });
  expect(await run('service-account', 'delete', 'nightly')).toMatchObject({ code: 0 });
  expect(await product.shell.tidewheel(['whoami'], next)).toMatchObject({ code: 3 });
});
