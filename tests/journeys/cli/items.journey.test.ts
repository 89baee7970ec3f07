// Control flow from the shell: what a flow shows of itself, the runs below a step, and faults deep inside.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apply, type Product, startProduct } from '../bad-input/product.ts';
import { branchesFlow } from '../web/control-flow-document.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
  await apply(product.client, branchesFlow);
});
afterAll(() => product?.stop());
const run = (...args: string[]) => product.shell.tidewheel(args);

test('a flow shows the steps inside others, what decides over them, and what it gives', async () => {
  const { stdout } = await run('flow', 'show', 'branches');
  expect(stdout).toMatch(/Overlap +one run at once; others are refused/);
  expect(stdout).toMatch(/^ {2}count .*until last >= 2/m);
  expect(stdout).toMatch(/price .*size\.many .*for each of steps\.list\.value/);
  expect(stdout).toMatch(/prices +integer +steps\.price\.value\.total/);
});

test('the items of a step are listed, those that failed too, and each is a run to look at', async () => {
  expect(await run('run', 'start', 'branches', '--watch')).toMatchObject({ code: 0 });
  const all = (await run('run', 'items', 'latest', 'price', '--json')).json<{ id: string }[]>();
  expect(all).toHaveLength(12);
  const failed = await run('run', 'items', 'latest', 'price', '--state', 'failed');
  expect(failed.stdout).toMatch(/4 +de +✗ failed/);
  const [item] = all;
  expect((await run('run', 'show', item?.id ?? '')).stdout).toMatch(/Below +step price, item 12 of run/);
  expect((await run('run', 'show', 'latest')).stdout).toMatch(/Output +\{"prices":12\}/);
  expect((await run('run', 'items', 'latest', 'list')).stderr).toContain('There are no runs below the step list');
});

test('a fault inside a group is told with its line', async () => {
  const file = path.join(product.shell.folder, 'broken.yaml');
  await writeFile(file, branchesFlow.replace('after: count, with', 'after: cuont, with'));
  const { code, stdout, stderr } = await run('flow', 'validate', file);
  expect(code).toBe(2);
  expect(`${stdout}${stderr}`).toContain('steps.desk.steps.sum.after: there is no step "cuont"; did you mean "count"?');
});
