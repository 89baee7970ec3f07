import { Option } from '@commander-js/extra-typings';
import { showFlow, startMany } from '@tidewheel/client/routes';
import { InvalidInput } from '@tidewheel/contract/errors';
import { mostStarts } from '@tidewheel/contract/routes/bulk';
import { command, contextOf } from '../../command.ts';
import { CommandFailed } from '../../command-failed.ts';
import { exitCodes } from '../../exit-codes.ts';
import { readText } from '../../input.ts';
import { count, plain } from '../../output/text.ts';
import { valuesFrom } from '../../parameter-values.ts';

export function runStartMany() {
  return command('start-many', {
    summary: 'Start a run of a flow for each set of parameters in a file',
    description: `The file is CSV with the names of parameters in its first line, or a JSON list of objects (.json); at most ${mostStarts}. Exits with 1 when some were refused.`,
    examples: [
      ['tidewheel run start-many load-desk desks.csv', 'one run for each line'],
      ["printf 'desk\\nfx\\nrates\\n' | tidewheel run start-many load-desk - --mode dry", 'from stdin, changing nothing outside'],
    ],
  })
    .argument('<flow>', 'name of the flow')
    .argument('<file>', 'CSV or JSON; - for CSV from stdin')
    .addOption(new Option('--mode <mode>', 'dry changes nothing outside').choices(['normal', 'dry'] as const))
    .action(async (slug, file, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const params = { slug };
      const { parametersSchema } = await client.call(showFlow, { params });
      const text = await readText(file);
      const sets = file.toLowerCase().endsWith('.json')
        ? setsOfJson(file, text)
        : setsOfCsv(file, text).map((pairs, at) => valuesOfLine(pairs, { schema: parametersSchema, place: `${file}, line ${at + 2}` }));
      const started = await client.call(startMany, { params, body: { runs: sets.map((parameters) => ({ parameters })), mode: options.mode } });
      const refused = started.map((one, at) => ({ ...one, line: at + 1 })).filter(({ run }) => run === null);
      context.print.result(started, () => {
        context.print.line(`${count(started.length - refused.length)} of ${count(started.length)} runs of ${slug} started.`);
        for (const { line, code, message } of refused.slice(0, 50)) context.print.line(`  set ${line}: ${plain(message ?? '')} (${code})`);
      });
      if (refused.length > 0) throw new CommandFailed(exitCodes.failed);
    });
}

function setsOfJson(file: string, text: string): Record<string, unknown>[] {
  const value = parsed(file, text);
  const isList = Array.isArray(value) && value.every((one) => typeof one === 'object' && one !== null && !Array.isArray(one));
  if (isList) return value as Record<string, unknown>[];
  throw new InvalidInput('input.json', `${file} is no list of objects`, { hint: 'For example [{"desk": "fx"}, {"desk": "rates"}].' });
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new InvalidInput('input.json', `${file} is not JSON`, { hint: 'Name it .csv if it is CSV.', cause });
  }
}

/** As `name=value` for each line; values that hold commas or quotes stand in double quotes. */
function setsOfCsv(file: string, text: string): string[][] {
  const [head, ...lines] = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map(cellsOf);
  if (!head || lines.length === 0)
    throw new InvalidInput('input.csv', `${file} holds no line below its head`, { hint: 'The first line names the parameters.' });
  return lines.map((cells, at) => {
    if (cells.length !== head.length)
      throw new InvalidInput('input.csv', `${file}, line ${at + 2}: ${cells.length} values for ${head.length} parameters`, {
        hint: 'Quote values that hold commas.',
      });
    return cells.flatMap((cell, column) => (cell === '' ? [] : [`${head[column]}=${cell}`]));
  });
}

/** @throws InvalidInput that says in which line it is */
function valuesOfLine(pairs: string[], { schema, place }: { schema: Record<string, unknown>; place: string }): Record<string, unknown> {
  try {
    return valuesFrom(pairs, schema);
  } catch (cause) {
    if (!(cause instanceof InvalidInput)) throw cause;
    throw new InvalidInput(cause.code, `${place}: ${cause.message}`, { hint: cause.hint ?? undefined, cause });
  }
}

function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, bare]) =>
    quoted === undefined ? (bare ?? '').trim() : quoted.replaceAll('""', '"'),
  );
}
