// Adds and changes hosts from a file. What it would do is found out by doing it, and taking all of it back.
import { AppError, InvalidInput } from '@tidewheel/contract/errors';
import { type ImportRequest, type ImportResult, mostTargetsAtOnce } from '@tidewheel/contract/routes/target-operations';
import { TargetChange, type TargetInput, TargetName } from '@tidewheel/contract/target';
import type { Transport } from '@tidewheel/kit/define-transport';
import { z } from 'zod';
import { type Actor, requirePermission } from '../../../base/actor.ts';
import { inWorkspace } from '../../../storage/database.ts';
import { allGroups } from '../groups.store.ts';
import { attributesOf, requireEveryTarget } from '../target-access.ts';
import { createGroupIn } from '../target-groups.service.ts';
import { createIn, updateIn, type Writing } from '../target-write.ts';
import type { TargetDeps } from '../targets.service.ts';
import { findNamedTargets, type TargetRow } from '../targets.store.ts';
import { transportOf } from '../transports.ts';
import { parseIni } from './ansible-ini.ts';
import { hostsOf } from './ansible-inventory.ts';
import { parseYaml } from './ansible-yaml.ts';
import { parseCsv } from './csv.ts';
import type { ImportFault, ImportLine, Parsed } from './import-line.ts';
import { inOrder } from './order.ts';
import { inSavepoint } from './savepoint.store.ts';

const shown = 500;

/** Takes back what was written, with what was found out. */
class TakenBack extends Error {
  readonly result: ImportResult;
  constructor(result: ImportResult) {
    super('taken back');
    this.result = result;
  }
}

/** @throws InvalidInput when the text cannot be read at all, holds too many hosts, or has faults and `onFaults` is stop */
export async function importTargets(deps: TargetDeps, actor: Actor, request: ImportRequest): Promise<ImportResult> {
  requirePermission(actor, 'target.edit');
  const parsed = readable(request);
  try {
    return await inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
      const result = await write({ deps, trx, actor }, { parsed, request });
      if (request.dryRun || (request.onFaults === 'stop' && result.faultCount > 0)) throw new TakenBack(result);
      return result;
    });
  } catch (thrown) {
    if (!(thrown instanceof TakenBack)) throw thrown;
    if (!request.dryRun) throw stopped(thrown.result);
    return thrown.result;
  }
}

function readable({ format, text, columns }: ImportRequest): Parsed {
  const parsed = format === 'csv' ? parseCsv(text, columns) : hostsOf(readInventory(text));
  if (parsed.lines.length > mostTargetsAtOnce)
    throw new InvalidInput(
      'target.import_large',
      `The file holds ${parsed.lines.length.toLocaleString('en')} hosts; ${mostTargetsAtOnce.toLocaleString('en')} can be imported at once.`,
      { hint: 'Cut it into parts.' },
    );
  if (parsed.lines.length === 0 && parsed.faults.length === 0) throw new InvalidInput('target.import_empty', 'There is no host in this file.', {});
  return parsed;
}

function readInventory(text: string) {
  if (/^\s*\$ANSIBLE_VAULT;/.test(text))
    throw new InvalidInput('target.import_vault', 'The whole inventory is encrypted by Ansible Vault.', {
      hint: 'Decrypt it first: ansible-vault decrypt --output - <file>.',
    });
  // INI begins with a section, a comment or a host; YAML's first word ends with a colon.
  const first = text.split(/\r?\n/).find((line) => /^\s*[^\s#;]/.test(line)) ?? '';
  return /^---|^\s*[{"']|^[A-Za-z0-9_.-]+:\s*(\{.*)?(#.*)?$/.test(first) ? parseYaml(text) : parseIni(text);
}

function stopped({ faultCount, faults }: ImportResult): InvalidInput {
  const [first] = faults;
  return new InvalidInput(
    'target.import_faults',
    `Nothing was imported: ${faultCount === 1 ? 'a line has a fault' : `${faultCount} lines have faults`}. Line ${first?.line}: ${first?.message}`,
    {
      hint: 'Mend them, or import the other lines (onFaults: skip).',
      details: { faults: faults.map(({ line, message, hint }) => ({ path: `line ${line}`, message, severity: 'error', ...(hint ? { hint } : {}) })) },
    },
  );
}

async function write(writing: Writing, { parsed, request }: { parsed: Parsed; request: ImportRequest }): Promise<ImportResult> {
  const { unique, faults: doubled } = withoutDoubles(parsed.lines);
  const { ordered, faults: circular } = inOrder(unique);
  const faults = [...parsed.faults, ...doubled, ...circular];
  const faulty = new Set(parsed.faults.flatMap(({ name }) => name ?? []));
  const lines = ordered.filter(({ name }) => !faulty.has(name));
  const names = lines.map(({ name }) => name.toLowerCase());
  const existing = new Map((await findNamedTargets(writing.trx, names, { lock: true })).map((row) => [row.name, row]));
  const newGroups = await makeGroups(writing, { lines, titles: parsed.groupTitles });
  const hosts: ImportResult['hosts'] = [];
  for (const line of lines) {
    const before = existing.get(line.name.toLowerCase()) ?? null;
    const done = await oneLine(writing, { line, before, request });
    if ('message' in done) faults.push(done);
    else hosts.push(done);
  }
  const count = (what: string) => hosts.filter((host) => host.what === what).length;
  return {
    dryRun: request.dryRun,
    columns: parsed.columns,
    created: count('created'),
    updated: count('updated'),
    unchanged: count('unchanged'),
    newGroups,
    notes: parsed.notes,
    faults: faults.toSorted((one, other) => one.line - other.line).slice(0, shown),
    faultCount: faults.length,
    hosts: hosts.toSorted((one, other) => one.line - other.line).slice(0, shown),
  };
}

function withoutDoubles(lines: readonly ImportLine[]): { unique: ImportLine[]; faults: ImportFault[] } {
  const first = new Map<string, number>();
  const faults: ImportFault[] = [];
  const unique = lines.filter(({ line, name }) => {
    const known = first.get(name.toLowerCase());
    if (known === undefined) first.set(name.toLowerCase(), line);
    else faults.push({ line, name, message: `the host "${name}" stands in line ${known} already`, hint: 'Keep one of them.' });
    return known === undefined;
  });
  return { unique, faults };
}

/** Groups that the file names and that are not there. A fault of a group that cannot be made is told at each line that names it. */
async function makeGroups({ trx, actor }: Writing, { lines, titles }: { lines: readonly ImportLine[]; titles: Map<string, string> }): Promise<string[]> {
  const known = new Set((await allGroups(trx)).map(({ slug }) => slug));
  const wanted = [...new Set(lines.flatMap(({ fields: { groups } }) => groups ?? []))].filter(
    (slug) => !known.has(slug) && /^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/.test(slug),
  );
  if (wanted.length === 0) return [];
  requireEveryTarget(actor);
  for (const slug of wanted) await createGroupIn(trx, actor, { slug, title: titles.get(slug) ?? slug, description: '', query: null });
  return wanted;
}

type Done = ImportResult['hosts'][number];

async function oneLine(
  writing: Writing,
  { line, before, request }: { line: ImportLine; before: TargetRow | null; request: ImportRequest },
): Promise<Done | ImportFault> {
  const { trx } = writing;
  const at = { line: line.line, name: line.name };
  try {
    return { ...at, ...(await inSavepoint(trx, () => (before ? change(writing, { line, before, request }) : create(writing, { line, request })))) };
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.status < 500) return { ...at, message: thrown.message, ...(thrown.hint ? { hint: thrown.hint } : {}) };
    throw thrown;
  }
}

async function create(
  writing: Writing,
  { line: given, request: { defaults } }: { line: ImportLine; request: ImportRequest },
): Promise<Pick<Done, 'what' | 'changes'>> {
  const { transports } = writing.deps;
  const asked = asChange(given);
  const kind = asked.transport ?? defaults.transport;
  const os = asked.os ?? defaults.os ?? systemOf(writing.deps, kind);
  const line = withUser(given, transportOf(transports, { kind, os }));
  const change = asChange(line);
  const { os: _os, ...rest } = defaults;
  const name = checked(() => TargetName.parse(line.name));
  const input: TargetInput = { ...rest, ...change, name, os, address: change.address ?? checked(() => TargetChange.shape.address.unwrap().parse(line.name)) };
  await createIn(writing, input);
  return { what: 'created', changes: [] };
}

/** A transport for one system only says which that is. */
function systemOf({ transports }: TargetDeps, kind: string | undefined) {
  const [first] = kind === undefined ? [] : (transports.find((one) => one.kind === kind)?.os ?? []);
  return first ?? 'linux';
}

async function change(
  writing: Writing,
  { line, before, request }: { line: ImportLine; before: TargetRow; request: ImportRequest },
): Promise<Pick<Done, 'what' | 'changes'>> {
  if (request.existing === 'keep') return { what: 'unchanged', changes: [] };
  requirePermission(writing.actor, 'target.edit', attributesOf(before));
  const said = asChange(line);
  const transport = transportOf(writing.deps.transports, {
    kind: said.transport ?? (said.os === undefined || said.os === before.os ? before.transport : undefined),
    os: said.os ?? before.os,
  });
  const given = asChange(withUser(line, transport));
  const merged: TargetChange = {
    ...given,
    ...(given.settings ? { settings: { ...(transport.kind === before.transport ? before.settings : {}), ...given.settings } } : {}),
    ...(given.facts ? { facts: { ...before.facts, ...given.facts } } : {}),
    ...(given.groups && line.addsGroups ? { groups: [...new Set([...before.groups, ...given.groups])] } : {}),
  };
  const changes = await updateIn(writing, { before, change: merged });
  return { what: changes.length > 0 ? 'updated' : 'unchanged', changes };
}

function withUser(line: ImportLine, { settings }: Transport): ImportLine {
  if (line.user === undefined) return line;
  if (settings instanceof z.ZodObject && 'user' in settings.shape) return { ...line, settings: { user: line.user, ...line.settings } };
  return { ...line, facts: { ansible_user: line.user, ...line.facts } };
}

function asChange({ fields, settings, facts }: ImportLine): TargetChange {
  const { os, ...texts } = fields;
  return checked(() =>
    TargetChange.parse({
      ...texts,
      ...(typeof os === 'string' ? { os: systemNamed(os) } : {}),
      ...(Object.keys(settings).length > 0 ? { settings } : {}),
      ...(Object.keys(facts).length > 0 ? { facts } : {}),
    }),
  );
}

const linuxes = /^(linux|debian|ubuntu|rhel|red ?hat|centos|rocky|alma|suse|sles|fedora|oracle linux|amazon linux|alpine)/i;

function systemNamed(text: string): string {
  if (/^(win|microsoft windows)/i.test(text)) return 'windows';
  return linuxes.test(text) ? 'linux' : text;
}

/** What a schema says, as one sentence for the line. */
function checked<T>(parse: () => T): T {
  try {
    return parse();
  } catch (thrown) {
    const issues = (thrown as { issues?: { path: PropertyKey[]; message: string }[] }).issues;
    if (!issues) throw thrown;
    const text = issues.slice(0, 5).map(({ path, message }) => [path.map(String).join('.'), message].filter(Boolean).join(': '));
    throw new InvalidInput('target.import_line', text.join('; '), {});
  }
}
