// The flow document that `validate` and `apply` are given, and how its faults are told: by file and line.
import { faultsOf } from '@tidewheel/client/problem-error';
import { AppError } from '@tidewheel/contract/errors';
import type { Fault } from '@tidewheel/contract/problem';
import { CommandFailed } from '../../command-failed.ts';
import { exitCodeOf, exitCodes } from '../../exit-codes.ts';
import { readText } from '../../input.ts';
import { failureJson, failureLines, faultLine } from '../../output/failure.ts';
import type { Printer } from '../../output/printer.ts';

export interface SourceFile {
  /** As faults name it. */
  name: string;
  source: string;
}

export async function readSource(fileName: string): Promise<SourceFile> {
  return { name: fileName === '-' ? '<stdin>' : fileName, source: await readText(fileName) };
}

export function printFaults(print: Printer, file: SourceFile, faults: Fault[]): void {
  for (const fault of faults) print.note(faultLine(fault, file.name));
}

/** Tells an error of the server with the file's name before each fault, then ends the command. */
export function failWithFaults(print: Printer, file: SourceFile, thrown: unknown): never {
  if (!(thrown instanceof AppError) || faultsOf(thrown).length === 0) throw thrown;
  const lines = print.isJson ? [failureJson(thrown, exitCodeOf(thrown))] : faultsOf(thrown).map((fault) => faultLine(fault, file.name));
  const [summary = ''] = failureLines(thrown);
  process.stderr.write(`${[...(print.isJson ? [] : [summary]), ...lines].join('\n')}\n`);
  throw new CommandFailed(exitCodes.invalid);
}
