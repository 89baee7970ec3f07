// The files that the steps before hand to a step that writes or delivers them.
import { InvalidInput } from '@tidewheel/contract/errors';
import { fileNameFault } from '@tidewheel/contract/file-name';
import type { FileRef } from '@tidewheel/contract/values';
import type { StepContext } from '@tidewheel/kit/step-context';

/** All input files, each under the name it shall have. `name` renames the only one. @throws InvalidInput when there is none, or two have one name */
export function inputFiles(ctx: Pick<StepContext, 'inputs'>, name?: string): FileRef[] {
  const inputs = Object.values(ctx.inputs);
  const files = inputs.flatMap((input) => input.files);
  if (files.length === 0) {
    const tables = inputs.filter((input) => input.table).map((input) => input.step);
    throw new InvalidInput(
      'file.no_input',
      tables.length > 0 ? `The step ${tables.join(', ')} gives a table, and a file is needed here.` : 'No step before gives a file.',
      {
        hint: tables.length > 0 ? 'Put a table.write step between them.' : 'Name a step that makes files in `from`.',
      },
    );
  }
  if (!name) return refuseTwins(files.map((file) => ({ ...file, name: checkFileName(file.name) })));
  if (files.length > 1)
    throw new InvalidInput('file.name_for_many', `One name (${JSON.stringify(name)}) is given for ${files.length} files.`, {
      hint: 'Leave the name out: each file then keeps its own.',
    });
  return files.map((file) => ({ ...file, name: checkFileName(name) }));
}

/** @throws InvalidInput for anything that is not the plain name of a file */
export function checkFileName(name: string): string {
  const fault = fileNameFault(name, { mostBytes: 220 });
  if (fault === undefined) return name;
  throw new InvalidInput('file.name', `${JSON.stringify(name.slice(0, 240))} is not a file name: it ${fault}.`, {
    hint: 'Give a name without folders, at most 220 bytes long; folders belong into the path.',
  });
}

function refuseTwins(files: FileRef[]): FileRef[] {
  const seen = new Set<string>();
  for (const { name } of files) {
    if (seen.has(name))
      throw new InvalidInput('file.twins', `Two input files are named ${JSON.stringify(name)}.`, {
        hint: 'Give the files different names in the steps that make them.',
      });
    seen.add(name);
  }
  return files;
}
