// The requests of MS-WSMV that a shell takes, as SOAP text.
import { randomUUID } from 'node:crypto';
import { type Element, element, writeXml } from './xml-writer.ts';

const namespaces = {
  'xmlns:s': 'http://www.w3.org/2003/05/soap-envelope',
  'xmlns:a': 'http://schemas.xmlsoap.org/ws/2004/08/addressing',
  'xmlns:w': 'http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd',
  'xmlns:p': 'http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd',
  'xmlns:rsp': 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell',
} as const;
const shellUri = 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell';
const transferUri = 'http://schemas.xmlsoap.org/ws/2004/09/transfer';

/** What every request says about itself. */
export interface RequestFrame {
  /** The address of the service, as the client calls it. */
  to: string;
  locale: string;
  maxEnvelopeBytes: number;
  operationSeconds: number;
}

interface Request {
  action: string;
  shellId?: string;
  options?: Record<string, string>;
  body: readonly Element[];
}

const mustUnderstand = { 's:mustUnderstand': 'true' };

function envelope(frame: RequestFrame, { action, shellId, options, body }: Request): string {
  const header = [
    element('a:To', frame.to),
    element('a:ReplyTo', [element('a:Address', 'http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous', mustUnderstand)]),
    element('w:MaxEnvelopeSize', String(frame.maxEnvelopeBytes), mustUnderstand),
    element('a:MessageID', `uuid:${randomUUID().toUpperCase()}`),
    element('w:Locale', '', { 'xml:lang': frame.locale, 's:mustUnderstand': 'false' }),
    element('p:DataLocale', '', { 'xml:lang': frame.locale, 's:mustUnderstand': 'false' }),
    element('w:OperationTimeout', `PT${frame.operationSeconds}S`),
    element('w:ResourceURI', `${shellUri}/cmd`, mustUnderstand),
    element('a:Action', action, mustUnderstand),
    ...(shellId === undefined ? [] : [element('w:SelectorSet', [element('w:Selector', shellId, { Name: 'ShellId' })])]),
    ...(options ? [element('w:OptionSet', named('w:Option', options))] : []),
  ];
  return `<?xml version="1.0" encoding="utf-8"?>${writeXml(element('s:Envelope', [element('s:Header', header), element('s:Body', body)], namespaces))}`;
}

function named(name: string, values: Record<string, string>): Element[] {
  return Object.entries(values).map(([key, value]) => element(name, value, { Name: key }));
}

export interface ShellOptions {
  codePage: number;
  workingFolder?: string | undefined;
  environment: Record<string, string>;
  /** After this long without a request the host ends the shell and what runs in it. */
  idleSeconds: number;
}

export function createShell(frame: RequestFrame, { codePage, workingFolder, environment, idleSeconds }: ShellOptions): string {
  const shell = [
    element('rsp:InputStreams', 'stdin'),
    element('rsp:OutputStreams', 'stdout stderr'),
    ...(workingFolder === undefined ? [] : [element('rsp:WorkingDirectory', workingFolder)]),
    element('rsp:IdleTimeOut', `PT${idleSeconds}.000S`),
    ...(Object.keys(environment).length === 0 ? [] : [element('rsp:Environment', named('rsp:Variable', environment))]),
  ];
  const options = { WINRS_NOPROFILE: 'FALSE', WINRS_CODEPAGE: String(codePage) };
  return envelope(frame, { action: `${transferUri}/Create`, options, body: [element('rsp:Shell', shell)] });
}

export function deleteShell(frame: RequestFrame, shellId: string): string {
  return envelope(frame, { action: `${transferUri}/Delete`, shellId, body: [] });
}

export interface CommandLine {
  /** As cmd.exe takes it: the command with its arguments, quoted by whoever knows the program's rules. */
  line: string;
  /** Whether anything is sent to its standard input; without it the program has a console there. */
  hasInput: boolean;
}

export function runCommand(frame: RequestFrame, shellId: string, { line, hasInput }: CommandLine): string {
  const options = { WINRS_CONSOLEMODE_STDIN: hasInput ? 'FALSE' : 'TRUE', WINRS_SKIP_CMD_SHELL: 'FALSE' };
  return envelope(frame, { action: `${shellUri}/Command`, shellId, options, body: [element('rsp:CommandLine', [element('rsp:Command', line)])] });
}

/** One command in one shell. */
export interface CommandPlace {
  shellId: string;
  commandId: string;
}

export function sendInput(frame: RequestFrame, { shellId, commandId }: CommandPlace, { bytes, isLast }: { bytes: Uint8Array; isLast: boolean }): string {
  const attributes = { Name: 'stdin', CommandId: commandId, ...(isLast ? { End: 'true' } : {}) };
  const stream = element('rsp:Stream', Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'), attributes);
  return envelope(frame, { action: `${shellUri}/Send`, shellId, body: [element('rsp:Send', [stream])] });
}

export function receiveOutput(frame: RequestFrame, { shellId, commandId }: CommandPlace): string {
  const wanted = element('rsp:DesiredStream', 'stdout stderr', { CommandId: commandId });
  return envelope(frame, { action: `${shellUri}/Receive`, shellId, body: [element('rsp:Receive', [wanted])] });
}

export function signalCommand(frame: RequestFrame, { shellId, commandId }: CommandPlace, signal: 'ctrl_c' | 'terminate'): string {
  const code = element('rsp:Code', `${shellUri}/signal/${signal}`);
  return envelope(frame, { action: `${shellUri}/Signal`, shellId, body: [element('rsp:Signal', [code], { CommandId: commandId })] });
}
