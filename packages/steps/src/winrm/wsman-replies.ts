// Reads the answers of a WS-Management service: text from another machine, so without entities of its own, and never deeper or wider than an answer can be.
import { Unreachable } from '@tidewheel/contract/errors';
import { XMLParser } from 'fast-xml-parser';
import { decodeEntities } from './xml-entities.ts';

type Node = { [name: string]: unknown };

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  // Ours, below: the parser leaves references by number as they are.
  processEntities: false,
  trimValues: true,
  alwaysCreateTextNode: true,
  isArray: (_name, _path, _isLeaf, isAttribute) => !isAttribute,
});

export interface OutputPiece {
  stream: 'stdout' | 'stderr';
  bytes: Buffer;
}

export interface Received {
  pieces: OutputPiece[];
  isDone: boolean;
  /** Signed, as PowerShell shows it; undefined while it runs. */
  exitCode: number | undefined;
}

export interface Fault {
  /** Of Windows or WinRM: `2150858793`, `5`. */
  code: number | undefined;
  /** Of WS-Management: `TimedOut`, `AccessDenied`. */
  subcode: string;
  message: string;
}

/** The body of a SOAP envelope. @throws Unreachable when the text is none */
export function readBody(text: string): Node {
  // A document type is the way to entities that grow or fetch; no SOAP has one (SOAP 1.2, 5).
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw noSoap('it carries a document type, which SOAP forbids');
  let parsed: Node;
  try {
    parsed = parser.parse(text) as Node;
  } catch (cause) {
    throw noSoap((cause as Error).message, cause);
  }
  const body = child(child(parsed, 'Envelope'), 'Body');
  if (!body) throw noSoap('there is no envelope with a body');
  return body;
}

function noSoap(reason: string, cause?: unknown): Unreachable {
  return new Unreachable('winrm.no_soap', `The host answered with something that is no message of WinRM: ${reason}.`, {
    hint: 'Check that WinRM listens at this port and path, and not a proxy or web server.',
    cause,
  });
}

function children(node: Node | undefined, name: string): Node[] {
  const found = node?.[name];
  return Array.isArray(found) ? found.map((one) => (typeof one === 'object' && one !== null ? (one as Node) : { '#text': String(one) })) : [];
}
function child(node: Node | undefined, name: string): Node | undefined {
  return children(node, name)[0];
}
function textOf(node: Node | undefined): string {
  const text = node?.['#text'];
  return decodeEntities(Array.isArray(text) ? text.map((one) => String((one as Node)?.['#text'] ?? one)).join('') : String(text ?? ''));
}
function attribute(node: Node | undefined, name: string): string {
  return decodeEntities(String(node?.[`@${name}`] ?? ''));
}

/** All text below a node: some faults keep their words deep inside. */
function allText(node: Node): string {
  const below = Object.entries(node).flatMap(([name, value]) =>
    name.startsWith('@') || name === '#text' || !Array.isArray(value) ? [] : children(node, name),
  );
  return [textOf(node), ...below.map(allText)].filter((text) => text !== '').join(' ');
}

export function faultIn(body: Node): Fault | undefined {
  const fault = child(body, 'Fault');
  if (!fault) return undefined;
  const detail = child(child(fault, 'Detail'), 'WSManFault');
  const code = attribute(detail, 'Code');
  const said = child(detail, 'Message');
  const message = (said && allText(said)) || allText(child(fault, 'Reason') ?? {});
  return {
    code: /^\d+$/.test(code) ? Number(code) : undefined,
    subcode: textOf(child(child(child(fault, 'Code'), 'Subcode'), 'Value')).replace(/^.*:/, ''),
    message: message.replace(/\s+/g, ' ').slice(0, 2_000),
  };
}

/** The id that a shell or a command got. @throws Unreachable */
export function shellIdIn(body: Node): string {
  const references = child(child(body, 'ResourceCreated'), 'ReferenceParameters');
  const selectors = children(child(references, 'SelectorSet'), 'Selector');
  const selector = selectors.find((one) => attribute(one, 'Name') === 'ShellId');
  return required(textOf(selector) || textOf(child(child(body, 'Shell'), 'ShellId')), 'the id of the shell');
}
export function commandIdIn(body: Node): string {
  return required(textOf(child(child(body, 'CommandResponse'), 'CommandId')), 'the id of the command');
}

function required(id: string, what: string): string {
  if (id === '') throw noSoap(`${what} is missing`);
  return id;
}

export function receivedIn(body: Node): Received {
  const response = child(body, 'ReceiveResponse');
  if (!response) throw noSoap('there is no output where it was asked for');
  const pieces = children(response, 'Stream').flatMap((node): OutputPiece[] => {
    const bytes = Buffer.from(textOf(node), 'base64');
    const name = attribute(node, 'Name');
    return bytes.length > 0 && (name === 'stdout' || name === 'stderr') ? [{ stream: name, bytes }] : [];
  });
  const state = child(response, 'CommandState');
  const isDone = attribute(state, 'State').endsWith('/Done');
  const exitCode = textOf(child(state, 'ExitCode'));
  return { pieces, isDone, exitCode: /^-?\d+$/.test(exitCode) ? Number(exitCode) | 0 : undefined };
}
