// Validates by libxml2's own command, which streams: 48 MB take under a second and no memory to speak of.
import { createInterface } from 'node:readline';
import { InvalidInput, TooLarge, Unreachable } from '@tidewheel/contract/errors';
import { type LocalCommand, startLocally } from '@tidewheel/kit/local-command';
import { addFault, faultOf, newOutcome, type ValidationOutcome } from './schema-fault.ts';

/** The exit code of xmllint for it. */
const outOfMemory = 9;

/** A report of 1 GB takes some 20 s. Schemas are uploaded by people: 40 KB of nested groups would keep libxml2 busy for hours. */
const usual: LocalCommand['limits'] = { memoryMb: 1_024, cpuSeconds: 300 };

/** Null when xmllint is not installed. @throws InvalidInput when the schemas themselves are faulty, TooLarge when it takes more than its limits */
export async function validateWithXmllint({
  driver,
  report,
  signal,
  limits = usual,
}: {
  driver: string;
  report: string;
  signal: AbortSignal;
  limits?: LocalCommand['limits'];
}): Promise<ValidationOutcome | null> {
  const args = ['--nonet', '--nocatalogs', '--stream', '--noout', '--schema', driver, report];
  // Its environment is not ours: XML_CATALOG_FILES and the like could send the schemas elsewhere.
  const started = startLocally({ command: 'xmllint', args, limits, signal });
  started.stdin.end();
  const outcome = newOutcome('xmllint');
  const other: string[] = [];
  const reading = (async () => {
    for await (const line of createInterface({ input: started.stderr })) readLine(line, outcome, other);
  })();
  const ended = await started.ended;
  if (ended === 'missing') return null;
  await reading;
  // 0 valid, 1 not well-formed, 3 not valid; 5 the schema does not compile.
  if (ended === 0 || ((ended === 1 || ended === 3 || ended === 4) && outcome.total > 0)) return outcome;
  if (ended === 5)
    throw new InvalidInput('report.schema', `The schemas cannot be used: ${firstLines(other)}`, {
      hint: 'Upload the complete set of schemas that the authority publishes for this message.',
    });
  if (ended === 'out of time' || ended === outOfMemory || other.some((line) => /memory allocation failed|out of memory/i.test(line))) throw tooMuch(limits);
  throw new Unreachable('report.xmllint', `xmllint ended with ${ended}: ${firstLines(other)}`, {
    hint: 'The step is tried again; if this stays, reinstall libxml2-utils.',
  });
}

function tooMuch({ memoryMb, cpuSeconds }: LocalCommand['limits']): TooLarge {
  return new TooLarge('report.schema_limit', `Checking the report takes more than ${memoryMb} MB of memory or ${cpuSeconds} s of a processor.`, {
    hint: 'Schemas with many optional and repeated groups inside one another do that. Simplify them, or split the report.',
  });
}

function readLine(line: string, outcome: ValidationOutcome, other: string[]): void {
  const match = /:(\d+): (?:Schemas validity error|parser error|namespace error) : (.*)$/.exec(line);
  if (match) addFault(outcome, faultOf(Number(match[1]), match[2] ?? ''));
  else if (other.length < 20) other.push(line);
}
const firstLines = (lines: string[]) =>
  lines
    .slice(0, 5)
    .join(' ')
    .replaceAll(/\S*\/(\S+\.xsd)/g, '$1')
    .slice(0, 1_000) || 'no message';
