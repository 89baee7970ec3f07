// Messages as MS-WSMV shows them and Windows sends them, the writer and its escapes, CLIXML, and bytes that are none of these.

import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { ClixmlText } from './clixml.ts';
import { cmdLine, cmdQuoted } from './cmd-line.ts';
import { pageDecoder } from './code-pages.ts';
import { powershellLine, quoted } from './powershell-text.ts';
import { openBody } from './sealed-body.ts';
import { codePages } from './winrm-settings.ts';
import { faultError, isAskAgain } from './wsman-faults.ts';
import { commandIdIn, faultIn, readBody, receivedIn, shellIdIn } from './wsman-replies.ts';
import { createShell, runCommand } from './wsman-requests.ts';
import { decodeEntities } from './xml-entities.ts';
import { element, writeXml } from './xml-writer.ts';

const frame = { to: 'https://win.example:5986/wsman', locale: 'en-US', maxEnvelopeBytes: 512_000, operationSeconds: 20 };
const soap = (body: string) =>
  `<s:Envelope xml:lang="en-US" xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:x="http://schemas.xmlsoap.org/ws/2004/09/transfer" xmlns:rsp="http://schemas.microsoft.com/wbem/wsman/1/windows/shell" xmlns:p="http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd"><s:Header><a:MessageID>uuid:3C2BBD2B-66D9-4A4E-8C30-7F7BDC0E1A11</a:MessageID></s:Header><s:Body>${body}</s:Body></s:Envelope>`;

describe('requests', () => {
  it('carry commands, folders and variables through XML as they are', () => {
    const parser = new XMLParser({ ignoreAttributes: false, removeNSPrefix: true, parseTagValue: false, trimValues: false, processEntities: false });
    fc.assert(
      fc.property(
        fc
          .string({ unit: 'grapheme', minLength: 1 })
          .filter((text) => !/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(text) && text.trim() !== ''),
        (text) => {
          const body = parser.parse(runCommand(frame, 'id', { line: text, hasInput: false })).Envelope.Body;
          expect(decodeEntities(body.CommandLine.Command)).toBe(text);
          const shell = parser.parse(createShell(frame, { codePage: 65_001, workingFolder: text, environment: { NAME: text }, idleSeconds: 180 })).Envelope.Body
            .Shell;
          expect(decodeEntities(shell.WorkingDirectory)).toBe(text);
          expect(decodeEntities(shell.Environment.Variable['#text'])).toBe(text);
        },
      ),
      { numRuns: 200 },
    );
  });
  it('refuse characters that XML cannot carry', () => {
    expect(() => writeXml(element('a', '\u0000'))).toThrow(/U\+0000/);
    expect(() => writeXml(element('a', 'lone \ud800'))).toThrow(/U\+D800/);
  });
});

describe('answers', () => {
  it('give the ids of a shell and a command', () => {
    const created = soap(
      '<x:ResourceCreated><a:Address>https://win:5986/wsman</a:Address><a:ReferenceParameters><w:ResourceURI>http://schemas.microsoft.com/wbem/wsman/1/windows/shell/cmd</w:ResourceURI><w:SelectorSet><w:Selector Name="ShellId">2D5E0F0A-6B0C-4E7D-9F1B-0C7A3B8D5E11</w:Selector></w:SelectorSet></a:ReferenceParameters></x:ResourceCreated><rsp:Shell><rsp:ShellId>2D5E0F0A-6B0C-4E7D-9F1B-0C7A3B8D5E11</rsp:ShellId><rsp:Owner>WIN\\operator</rsp:Owner></rsp:Shell>',
    );
    expect(shellIdIn(readBody(created))).toBe('2D5E0F0A-6B0C-4E7D-9F1B-0C7A3B8D5E11');
    expect(commandIdIn(readBody(soap('<rsp:CommandResponse><rsp:CommandId>C1</rsp:CommandId></rsp:CommandResponse>')))).toBe('C1');
    expect(() => commandIdIn(readBody(soap('<rsp:CommandResponse/>')))).toThrow(/the id of the command is missing/);
  });

  it('give output in its order, and the exit code, signed', () => {
    const running = soap(
      '<rsp:ReceiveResponse><rsp:Stream Name="stdout" CommandId="C1">aGk=</rsp:Stream><rsp:Stream Name="stderr" CommandId="C1">bm8=</rsp:Stream><rsp:Stream Name="stdout" CommandId="C1"></rsp:Stream><rsp:CommandState CommandId="C1" State="http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState/Running"></rsp:CommandState></rsp:ReceiveResponse>',
    );
    expect(receivedIn(readBody(running))).toEqual({
      pieces: [
        { stream: 'stdout', bytes: Buffer.from('hi') },
        { stream: 'stderr', bytes: Buffer.from('no') },
      ],
      isDone: false,
      exitCode: undefined,
    });
    const done = soap(
      '<rsp:ReceiveResponse><rsp:Stream Name="stdout" CommandId="C1" End="true"></rsp:Stream><rsp:CommandState CommandId="C1" State="http://schemas.microsoft.com/wbem/wsman/1/windows/shell/CommandState/Done"><rsp:ExitCode>4294967295</rsp:ExitCode></rsp:CommandState></rsp:ReceiveResponse>',
    );
    expect(receivedIn(readBody(done))).toEqual({ pieces: [], isDone: true, exitCode: -1 });
  });

  const fault = (code: string, subcode: string, message: string) =>
    faultIn(
      readBody(
        soap(
          `<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>w:${subcode}</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en-US">${message}</s:Text></s:Reason><s:Detail><f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" Code="${code}" Machine="win.example"><f:Message><f:ProviderFault provider="Shell" path="%systemroot%\\system32\\winrscmd.dll">${message} </f:ProviderFault></f:Message></f:WSManFault></s:Detail></s:Fault>`,
        ),
      ),
    );

  it.each([
    ['5', 'AccessDenied', 'winrm.denied', false],
    ['2150859173', 'QuotaLimit', 'winrm.quota', true],
    ['2150859174', 'InternalError', 'winrm.quota', true],
    ['2150858843', 'InvalidSelectors', 'winrm.shell_gone', true],
    ['995', 'InternalError', 'winrm.aborted', true],
    ['2150858880', 'EncodingLimit', 'winrm.envelope', false],
    ['267', 'InternalError', 'winrm.fault', false],
  ])('with the fault %s (%s) become %s', (code, subcode, expected, retryable) => {
    const found = fault(code, subcode, 'What Windows says &amp; more');
    expect(found).toMatchObject({ code: Number(code), subcode, message: 'What Windows says & more' });
    expect(faultError(found!, 'win:5986')).toMatchObject({ code: expected, retryable, message: expect.stringContaining('What Windows says & more') });
    expect(isAskAgain(found!)).toBe(false);
  });

  it('tell that it should be asked again', () => {
    expect(
      isAskAgain(fault('2150858793', 'TimedOut', 'The WS-Management service cannot complete the operation within the time specified in OperationTimeout.')!),
    ).toBe(true);
  });

  it('that are no messages are said to be none, whatever they are', () => {
    for (const text of ['', 'hello', '<a/>', '<s:Envelope xmlns:s="x"/>', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', '<a>'.repeat(10_000), '{"a":1}'])
      expect(() => readBody(text)).toThrow(/no message of WinRM/);
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), (text) => {
        try {
          faultIn(readBody(soap(text)));
        } catch (thrown) {
          expect((thrown as { code?: string }).code).toBe('winrm.no_soap');
        }
      }),
      { numRuns: 300 },
    );
  });

  it('that claim to be sealed and are not whole are refused', () => {
    const seal = { seal: () => ({ signature: Buffer.alloc(16), sealed: Buffer.alloc(0) }), open: () => Buffer.from('x') };
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }),
          fc.constant(new TextEncoder().encode('--Encrypted Boundary\r\nLength=9\r\napplication/octet-stream\r\n\xff\xff\xff\xffab--Encrypted Boundary')),
        ),
        (bytes) => {
          expect(() => openBody({ seal, body: Buffer.from(bytes) })).toThrow(/damaged, or was changed/);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('CLIXML', () => {
  const document =
    '#< CLIXML\r\n<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><Obj S="progress" RefId="0"><TN RefId="0"><T>System.Management.Automation.PSCustomObject</T><T>System.Object</T></TN><MS><I64 N="SourceId">1</I64><PR N="Record"><AV>Preparing modules for first use.</AV><AI>0</AI><Nil /><PI>-1</PI><PC>-1</PC><T>Completed</T><SR>-1</SR><SD> </SD></PR></MS></Obj><S S="Error">Get-Service : Cannot find any service with service name \'a&lt;b\'._x000D__x000A_</S><S S="Error">At line:1 char:1_x000D__x000A_</S><S S="Error">    + CategoryInfo          : ObjectNotFound_x000D__x000A_</S><S S="warning">low _x005F_x disk</S></Objs>';
  const text =
    "Get-Service : Cannot find any service with service name 'a<b'.\nAt line:1 char:1\n    + CategoryInfo          : ObjectNotFound\nWARNING: low _x disk\n";

  it('becomes the text of errors and warnings, without progress, however it is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 }), (sizes) => {
        const whole = `before\n${document}between ${document}`;
        const reader = new ClixmlText();
        let out = '';
        let at = 0;
        for (const size of sizes) {
          out += reader.push(whole.slice(at, at + size));
          at += size;
        }
        out += reader.push(whole.slice(at)) + reader.end();
        expect(out).toBe(`before\n${text}between ${text}`);
      }),
      { numRuns: 100 },
    );
  });
  it('that does not end, or is none, is given as it is', () => {
    const reader = new ClixmlText();
    expect(reader.push('#< CLIXML\r\n<Objs><S S="Error">half')).toBe('');
    expect(reader.end()).toBe('#< CLIXML\r\n<Objs><S S="Error">half');
    expect(new ClixmlText().push('#< CLIXML <!DOCTYPE a [<!ENTITY b "c">]><Objs></Objs>')).toContain('<!DOCTYPE');
    expect(new ClixmlText().push('plain #< text')).toBe('plain #< text');
  });
});

describe('command lines', () => {
  it('hold PowerShell of any length within what cmd.exe takes', () => {
    for (const length of [1, 1_000, 2_000, 100_000]) {
      const { line, input } = powershellLine({ script: 'x'.repeat(length), arguments: ["it's"], stdin: undefined });
      expect(line.length).toBeLessThanOrEqual(8_000);
      expect(input === undefined).toBe(length <= 2_000);
    }
  });
  it('quote for PowerShell and cmd', () => {
    expect(quoted("a'b\u2019c")).toBe("'a''b\u2019\u2019c'");
    expect(cmdQuoted('a b\\')).toBe('"a b\\\\"');
    expect(cmdLine('"C:\\Program Files\\a.exe" /x', ['b c'])).toBe('@"C:\\Program Files\\a.exe" /x "b c"');
    expect(cmdLine(' dir ', ['b c'])).toBe('dir "b c"');
    for (const bad of ['%PATH%', 'a"b', 'a\nb']) expect(() => cmdQuoted(bad)).toThrow(/cannot pass on/);
  });
});

describe('code pages', () => {
  it('are all known, and keep ASCII', () => {
    for (const page of codePages) {
      const decoder = pageDecoder(page);
      expect(decoder.decode(Buffer.from('dir C:')) + decoder.end()).toBe('dir C:');
    }
    expect(() => pageDecoder(1)).toThrow(/not known/);
  });
  it('keep characters whole that come in two pieces', () => {
    const decoder = pageDecoder(65_001);
    expect(decoder.decode(Buffer.from([0xe2, 0x82])) + decoder.decode(Buffer.from([0xac])) + decoder.end()).toBe('\u20ac');
  });
});
