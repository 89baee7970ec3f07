// Validates by libxml2's own command, which streams: 48 MB take under a second and no memory to speak of.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { InvalidInput, Unreachable } from '@tidewheel/contract/errors';
import { addFault, faultOf, newOutcome, type ValidationOutcome } from './schema-fault.ts';

/** Null when xmllint is not installed. @throws InvalidInput when the schemas themselves are faulty */
export async function validateWithXmllint({
  driver,
  report,
  signal,
}: {
  driver: string;
  report: string;
  signal: AbortSignal;
}): Promise<ValidationOutcome | null> {
  const started = startXmllint(['--nonet', '--nocatalogs', '--stream', '--noout', '--schema', driver, report], signal);
  const outcome = newOutcome('xmllint');
  const other: string[] = [];
  const reading = (async () => {
    for await (const line of createInterface({ input: started.stderr })) readLine(line, outcome, other);
  })();
  const ended = await started.ended;
  if (ended === 'missing') return null;
  await reading;
  signal.throwIfAborted();
  // 0 valid, 1 not well-formed, 3 not valid; 5 the schema does not compile.
  if (ended === 0 || ((ended === 1 || ended === 3 || ended === 4) && outcome.total > 0)) return outcome;
  if (ended === 5)
    throw new InvalidInput('report.schema', `The schemas cannot be used: ${firstLines(other)}`, {
      hint: 'Upload the complete set of schemas that the authority publishes for this message.',
    });
  throw new Unreachable('report.xmllint', `xmllint ended with ${ended}: ${firstLines(other)}`, {
    hint: 'The step is tried again; if this stays, reinstall libxml2-utils.',
  });
}

function startXmllint(args: string[], signal: AbortSignal) {
  // No environment of ours: XML_CATALOG_FILES and the like could send the schemas elsewhere.
  const child = spawn('xmllint', args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
    signal,
    killSignal: 'SIGKILL',
  });
  const ended = once(child, 'close').then(
    ([code, killedBy]) => (killedBy ? `signal ${killedBy}` : code) as number | string,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return 'missing' as const;
      if (error.name === 'AbortError') throw signal.reason;
      throw error;
    },
  );
  return { stderr: child.stderr, ended };
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
