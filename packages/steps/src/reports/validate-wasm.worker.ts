// The thread behind validate-wasm.ts. libxml2 in WebAssembly has no streaming: the report is cut into documents of a few thousand records
// (each has a line of its own), so that memory stays bounded and line numbers stay right.
import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parentPort, workerData } from 'node:worker_threads';
import { XmlBufferInputProvider, XmlDocument, XmlError, XmlLibError, XsdValidator, xmlRegisterInputProvider } from 'libxml2-wasm';
import { addFault, faultOf, newOutcome, type ValidationOutcome } from './schema-fault.ts';
import type { WasmAnswer, WasmJob } from './validate-wasm.ts';

const recordsAtATime = 2_000;
const { folder, driver, report, firstRecordLine } = workerData as WasmJob;

function compile(): XsdValidator {
  // Only these files can be opened, by name: nothing else of the machine can be reached.
  const schemas = Object.fromEntries(readdirSync(folder).map((name) => [encodeURI(name), readFileSync(path.join(folder, name))]));
  xmlRegisterInputProvider(new XmlBufferInputProvider(schemas));
  using document = XmlDocument.fromBuffer(readFileSync(driver), { url: path.basename(driver) });
  return XsdValidator.fromDoc(document);
}

function validateChunk(validator: XsdValidator, { text, lineOffset, outcome }: { text: string; lineOffset: number; outcome: ValidationOutcome }): void {
  try {
    using document = XmlDocument.fromString(text);
    validator.validate(document);
  } catch (thrown) {
    if (!(thrown instanceof XmlLibError)) throw thrown;
    for (const { line, message } of thrown.details) addFault(outcome, faultOf(line >= firstRecordLine ? line + lineOffset : line, message));
  }
}

async function validate(validator: XsdValidator): Promise<ValidationOutcome> {
  const outcome = newOutcome('libxml2-wasm');
  const opening: string[] = [];
  let records: string[] = [];
  let lineOffset = 0;
  let last: string | undefined;
  const flush = (closing: string) => {
    validateChunk(validator, { text: `${[...opening, ...records, closing].join('\n')}\n`, lineOffset, outcome });
    lineOffset += records.length;
    records = [];
  };
  // A record is put in only when the next line has been seen, for the last line closes the document.
  for await (const line of createInterface({ input: createReadStream(report), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (opening.length < firstRecordLine - 1) opening.push(line);
    else {
      if (last !== undefined) records.push(last);
      last = line;
      if (records.length > recordsAtATime) flush(closingOf(opening));
    }
  }
  if (records.length > 0 || lineOffset === 0) flush(last ?? '');
  return outcome;
}
// The opening tags that are still open, closed in reverse: the same text that ends the report.
function closingOf(opening: string[]): string {
  const open: string[] = [];
  for (const [tag, slash, name] of opening.join('').matchAll(/<(\/?)([A-Za-z]\w*)[^>]*>/g)) {
    if (slash) open.pop();
    else if (!tag.endsWith('/>') && name) open.push(name);
  }
  return open
    .reverse()
    .map((name) => `</${name}>`)
    .join('');
}

async function answer(): Promise<WasmAnswer> {
  let validator: XsdValidator;
  try {
    validator = compile();
  } catch (thrown) {
    if (thrown instanceof XmlError) return { schemaFault: thrown.message.trim().slice(0, 1_000) };
    throw thrown;
  }
  using compiled = validator;
  return { outcome: await validate(compiled) };
}

parentPort?.postMessage(await answer());
