// Stores of identity and mail run as the engine role, which no policy binds: each function that touches a table of workspaces must name one,
// or say here why it is about all of them.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const source = path.resolve(import.meta.dirname, '../..');

/** Function to the reason why it names no workspace. */
const aboutAll: Readonly<Record<string, string>> = {
  findSessionHolder: 'says in which workspace a caller is: the one that is named, among his own memberships',
  findApiTokenHolder: 'as findSessionHolder, tied to the workspace of the token',
  findFamilyWorkspace: 'as findSessionHolder',
  findWorkspaces: 'the list of workspaces; its service shows each caller what is his',
  findEndingKeys: 'reminders are about every workspace; each goes to who answers for the key',
  noteKeyReminder: 'as findEndingKeys',
  findHeld: 'as findPlaces',
  lockAdministrators: 'that of single sign-on, as findPlaces; the other one names its workspace',
  findPlaces: 'rules of single sign-on, of the installation, speak of every workspace',
  findLink: 'an open route: the secret of the link is all that its visitor has, and it says the workspace',
  useLink: 'as findLink',
  takeTerminal: 'as findLink, by the code that the browser was given',
  findMemberByEmail: 'who failed to sign in is in no workspace yet; the oldest one gets the entry',
  revokeApiTokensOf: 'a person, or the administrator of the installation, ends everything',
  noteApiTokenUse: 'the token was just found by its hash',
  findExpiry: 'a holder asks about the credential in his hand, found by its hash',
  findAllRoleSlugs: 'rules of the whole installation name roles of any workspace',
};

function tablesOfWorkspaces(): string[] {
  const folder = path.join(source, 'storage/migrations');
  const text = readdirSync(folder)
    .map((file) => readFileSync(path.join(folder, file), 'utf8'))
    .join('\n');
  const created = [...text.matchAll(/create table ([\w."]+) \(([\s\S]*?)\n\);/g)]
    .filter(([, , columns]) => /^\s*workspace_id /m.test(columns ?? ''))
    .map(([, name]) => name ?? '');
  return [...new Set(created)].filter((name) => name.startsWith('identity.'));
}

function* functionsOf(file: string): Generator<{ name: string; text: string }> {
  const parts = readFileSync(file, 'utf8').split(/^(?=(?:export )?(?:async )?function )/m);
  for (const text of parts.slice(1)) yield { name: /function (\w+)/.exec(text)?.[1] ?? '', text: text.split(/\n}\n/)[0] ?? '' };
}

function storesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.store.ts'))
    .map((name) => path.join(folder, name));
}

const tables = tablesOfWorkspaces();
const functions = ['platform/identity', 'platform/mail'].flatMap((folder) => storesUnder(path.join(source, folder)).flatMap((file) => [...functionsOf(file)]));
const touching = functions.filter(({ text }) => tables.some((table) => new RegExp(`${table.replace('.', '\\.')}\\b`).test(text)));
/** As a condition, or as a value of a new row. To read the column is not enough. */
function namesWorkspace(text: string): boolean {
  const isCondition = /workspace_id\s*(=|<>)\s*(\$|any\(\$)/.test(text) || /workspace_id',\s*'(=|in|!=)'/.test(text) || /access_of\(\$\{\w+\}, \$\{/.test(text);
  return isCondition || (/insertInto|insert into/.test(text) && /workspace_id\s*[:,]/.test(text));
}
const silent = touching.filter(({ text }) => !namesWorkspace(text)).map(({ name }) => name);

test('the scan sees the tables and the stores', () => {
  expect(tables).toEqual(expect.arrayContaining(['identity.membership', 'identity.api_token', 'identity.access_grant', 'identity.service_account']));
  expect(touching.length).toBeGreaterThan(25);
  // It would see one that names none.
  const planted = [...functionsOf(path.join(source, 'platform/identity/api-tokens.store.ts'))].find(({ name }) => name === 'revokeApiTokensOf');
  expect(planted && namesWorkspace(planted.text)).toBe(false);
});
test('each statement about a workspace names it', () => {
  expect(Object.keys(aboutAll).filter((name) => !silent.includes(name))).toEqual([]);
  expect(silent.filter((name) => !Object.hasOwn(aboutAll, name))).toEqual([]);
});
