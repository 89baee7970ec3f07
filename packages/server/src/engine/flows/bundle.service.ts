// Flows out of and into one YAML text.
import { Readable } from 'node:stream';
import { InvalidInput, NotFound, TooLarge } from '@tidewheel/contract/errors';
import type { FlowDocument } from '@tidewheel/contract/flow-document';
import { Slug } from '@tidewheel/contract/identifiers';
import type { Fault } from '@tidewheel/contract/problem';
import { bundleLimits, type ImportedFlow } from '@tidewheel/contract/routes/flow-versions';
import { type Actor, may, requirePermission } from '../../base/actor.ts';
import type { Download } from '../../base/endpoint.ts';
import { inWorkspace, type WorkspaceTransaction } from '../../storage/database.ts';
import { type BundledText, joinBundle, splitBundle } from './bundle-text.ts';
import { diffDocuments } from './diff-documents.ts';
import { check, type FlowDeps } from './flow-checks.ts';
import { attributesOf, permittedTo } from './flow-lookup.ts';
import * as store from './flows.store.ts';
import { keepVersion } from './keep-version.ts';
import { readDraft } from './parse.ts';
import { hasErrors } from './validate.ts';

export interface ExportAsked {
  /** Names, divided by commas. */
  flows?: string | undefined;
  folder?: string | undefined;
  kind?: FlowDocument['kind'] | undefined;
}

/** The newest versions, by name; archived flows and those without a version are left out. @throws NotFound for a name that is not there, TooLarge */
export async function exportFlows(deps: FlowDeps, actor: Actor, { flows, ...filter }: ExportAsked): Promise<Download> {
  requirePermission(actor, 'flow.read');
  const slugs = flows?.split(',').map((slug) => slug.trim());
  const strange = slugs?.find((slug) => !Slug.safeParse(slug).success);
  if (strange !== undefined) throw new InvalidInput('flow.name', `"${strange}" is no name of a flow.`, { hint: 'Divide names by commas.' });
  const found = await inWorkspace(deps.databases.app, actor.workspaceId, (trx) =>
    store.findNewest(trx, { ...filter, slugs, flows: permittedTo(actor).flows, limit: bundleLimits.flows + 1 }),
  );
  const missing = slugs?.find((slug) => !found.some((flow) => flow.slug === slug));
  if (missing !== undefined) throw new NotFound('flow.unknown', `There is no flow "${missing}" with a version to export.`);
  const text = joinBundle(found.map(({ source }) => source));
  if (found.length > bundleLimits.flows || text.length > bundleLimits.characters)
    throw new TooLarge(
      'flow.bundle',
      `That is more than the ${bundleLimits.flows} flows, or ${bundleLimits.characters.toLocaleString('en')} characters, of one text.`,
      {
        hint: 'Export by folder or by kind.',
      },
    );
  const fileName = found.length === 1 ? `${found[0]?.slug}.yaml` : 'flows.yaml';
  return { stream: Readable.from([Buffer.from(text)]), mediaType: 'application/yaml', fileName, size: Buffer.byteLength(text) };
}

/**
 * Applies every document of the text, or none; texts that only differ at their end are the same.
 * @throws InvalidInput `flow.import` when one is refused and this is no dry run; NotAllowed, Conflict as when it is applied alone
 */
export async function importFlows(
  deps: FlowDeps,
  actor: Actor,
  { source, dryRun }: { source: string; dryRun: boolean },
): Promise<{ dryRun: boolean; flows: ImportedFlow[] }> {
  requirePermission(actor, 'flow.edit');
  const checked = await checkAll(deps, actor, textsOf(source));
  return inWorkspace(deps.databases.app, actor.workspaceId, async (trx) => {
    const flows: ImportedFlow[] = [];
    for (const one of checked) flows.push(await planned(trx, actor, one));
    if (dryRun) return { dryRun, flows };
    refuseFaults(flows);
    // By name, so that two imports never wait for one another crosswise.
    const inOrder = checked.toSorted((one, other) => (one.name ?? '').localeCompare(other.name ?? ''));
    for (const { text, document } of inOrder) {
      if (!document) continue;
      const kept = await keepVersion({
        trx,
        actor,
        source: text.source,
        document,
        types: deps.types,
        isSame: (newest) => isSameText(newest.source, text.source),
      });
      const told = flows.find(({ flow }) => flow === document.flow);
      if (told) Object.assign(told, { outcome: kept.outcome, version: kept.version.version });
    }
    return { dryRun, flows };
  });
}

function textsOf(source: string): BundledText[] {
  const texts = splitBundle(source);
  if (texts.length === 0) throw new InvalidInput('flow.import_empty', 'There is no flow document in the text.', { hint: 'Divide several by lines of `---`.' });
  if (texts.length <= bundleLimits.flows) return texts;
  throw new TooLarge('flow.bundle', `The text holds ${texts.length} documents; at most ${bundleLimits.flows} are allowed.`, { hint: 'Import them in parts.' });
}

interface Checked {
  text: BundledText;
  /** As far as it can be told; the first document of a name has it. */
  name: string | null;
  document: FlowDocument | null;
  faults: Fault[];
}

async function checkAll(deps: FlowDeps, actor: Actor, texts: BundledText[]): Promise<Checked[]> {
  const { workspaceId } = actor;
  const [connections, targets, files] = await Promise.all([deps.connections.list(workspaceId), deps.targets.list(workspaceId), deps.uploads.list(workspaceId)]);
  const around: FlowDeps = {
    ...deps,
    connections: { list: async () => connections },
    targets: { list: async () => targets },
    uploads: { list: async () => files },
  };
  const checked: Checked[] = [];
  const lines = new Map<string, number>();
  for (const text of texts) {
    const { document, faults } = await check(around, actor, { source: text.source, for: 'apply' });
    const name = document?.flow ?? readDraft(text.source).name;
    const earlier = name === null ? undefined : lines.get(name);
    const repeated: Fault[] =
      earlier === undefined ? [] : [{ path: 'flow', message: `"${name}" is in the text twice: line ${earlier}`, severity: 'error', line: 1 }];
    if (name !== null && earlier === undefined) lines.set(name, text.line);
    const moved = [...repeated, ...faults].map((fault) => (fault.line === undefined ? fault : { ...fault, line: fault.line + text.line - 1 }));
    checked.push({ text, name, document, faults: moved });
  }
  return checked;
}

async function planned(trx: WorkspaceTransaction, actor: Actor, { text, name, document, faults }: Checked): Promise<ImportedFlow> {
  const told = { flow: name, line: text.line, version: null, reason: null, faults, changes: null };
  if (!document || hasErrors(faults)) return { ...told, outcome: 'refused', reason: 'It has faults.' };
  const row = await store.findFlow(trx, document.flow, permittedTo(actor).runs);
  const objects = [attributesOf({ slug: document.flow, folder: document.folder ?? null, kind: document.kind }), ...(row ? [attributesOf(row)] : [])];
  if (!objects.every((object) => may(actor, 'flow.edit', object))) return { ...told, outcome: 'refused', reason: 'You may not change this flow.' };
  if (row?.archived_at) return { ...told, outcome: 'refused', reason: 'It is archived: restore it first.' };
  const newest = row && (await store.findVersion(trx, { flowId: row.id, version: row.newest_version }));
  if (!newest) return { ...told, outcome: 'created', version: 1 };
  if (isSameText(newest.source, text.source)) return { ...told, outcome: 'unchanged', version: newest.version };
  return { ...told, outcome: 'updated', version: newest.version + 1, changes: diffDocuments(newest.document, document) };
}

function isSameText(one: string, other: string): boolean {
  const bare = (text: string): string => text.replace(/(?:\r?\n\.\.\.)?\s*$/, '');
  return bare(one) === bare(other);
}

function refuseFaults(flows: ImportedFlow[]): void {
  const faulty = flows.filter(({ faults }) => hasErrors(faults));
  if (faulty.length === 0) return;
  const names = faulty.slice(0, 5).map(({ flow, line }) => `${flow ?? 'a document without a name'} (line ${line})`);
  throw new InvalidInput('flow.import', `Nothing was imported: there are faults in ${names.join(', ')}${faulty.length > 5 ? ' and others' : ''}.`, {
    details: { faults: faulty.flatMap(({ faults }) => faults) },
    hint: 'Correct them and import the text again, or leave those documents out.',
  });
}
