import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Client } from '@tidewheel/client/client';
import { downloadArtifact, listArtifacts } from '@tidewheel/client/routes';
import { InvalidInput, NotFound } from '@tidewheel/contract/errors';
import type { Artifact } from '@tidewheel/contract/routes/runs';
import { command, contextOf } from '../../command.ts';
import type { Context } from '../../context.ts';
import { gatherPages } from '../../listing.ts';
import { size } from '../../output/text.ts';
import { resolveRun, runArgument } from '../../run-reference.ts';
import { fileNameOf, refuseExisting, type Saved, safeFileName, saveDownload } from '../../save-download.ts';

const mostOfOneRun = 5_000;

interface Wanted {
  id: string;
  name: string | null;
  sha256: string | undefined;
}
interface Options {
  output?: string | undefined;
  force?: true | undefined;
}

export function artifactDownload() {
  return command('download', {
    summary: 'Download artifacts and verify their SHA-256',
    description:
      'One artifact by its id, one of a run by its name, or all of a run. A file is written under another name first and never over an existing one without --force.',
    examples: [
      ['tidewheel artifact download --run latest', 'all of the newest run, into this folder'],
      ['tidewheel artifact download delays.csv --run 12 --output /tmp/', 'one by its name'],
      ['tidewheel artifact download 01890a5d-ac96-7a54-8f3b-0c1d2e3f4a5b --output - | head', 'by its id, to stdout'],
    ],
  })
    .argument('[artifact]', 'id, or with --run its name')
    .option('--run <run>', runArgument)
    .option('-o, --output <path>', 'file or folder to write to; - for stdout')
    .option('--force', 'replace existing files')
    .action(async (artifact, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const wanted = await findWanted(client, { artifact, run: options.run });
      if (wanted.length > 1 && options.output !== undefined && !(await isFolder(options.output)))
        throw new InvalidInput('download.several', `${wanted.length} artifacts do not fit into one file`, {
          hint: 'Give a folder that exists with --output, or the name of one artifact.',
        });
      const saved: Saved[] = [];
      for (const one of wanted) saved.push(await downloadOne(context, client, { one, options }));
      if (options.output === '-') return;
      context.print.result(saved, () => {
        for (const { path: file, size: bytes, sha256 } of saved) context.print.line(`${file}  ${size(bytes)}  sha256 ${sha256} verified`);
      });
    });
}

async function findWanted(client: Client, what: { artifact: string | undefined; run: string | undefined }): Promise<Wanted[]> {
  if (what.run === undefined) {
    if (what.artifact === undefined) throw new InvalidInput('download.which', 'Which artifact?', { hint: 'Give its id, or --run for all of a run.' });
    return [{ id: what.artifact, name: null, sha256: undefined }];
  }
  const run = await resolveRun(client, what.run);
  const { items } = await gatherPages<Artifact>(mostOfOneRun, (page) => client.call(listArtifacts, { query: { ...page, run } }));
  const chosen = what.artifact === undefined ? items : items.filter((item) => item.name === what.artifact || item.id === what.artifact);
  if (chosen.length > 0) return chosen;
  const names = items.map((item) => item.name).join(', ');
  throw new NotFound(
    'artifact.unknown',
    what.artifact === undefined ? `Run ${what.run} has no artifacts.` : `Run ${what.run} has no artifact "${what.artifact}".`,
    names ? { hint: `It has: ${names}.` } : {},
  );
}

async function downloadOne(context: Context, client: Client, what: { one: Wanted; options: Options }): Promise<Saved> {
  const { one, options } = what;
  const overwrite = options.force === true;
  const early = one.name === null ? null : await targetFor(options.output, safeFileName(one.name, one.id));
  if (early !== null) await refuseExisting(early, overwrite);
  const response = await client.download(downloadArtifact, { params: { id: one.id } }, { signal: context.interrupted });
  const target = early ?? (await targetFor(options.output, fileNameOf(response, one.id)));
  await refuseExisting(target, overwrite);
  return saveDownload({ response, target, sha256: one.sha256, overwrite, signal: context.interrupted, isQuiet: context.print.isJson });
}

async function targetFor(output: string | undefined, name: string): Promise<string> {
  if (output === undefined) return name;
  return output !== '-' && (await isFolder(output)) ? path.join(output, name) : output;
}

async function isFolder(file: string): Promise<boolean> {
  if (file.endsWith('/')) return true;
  return stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
