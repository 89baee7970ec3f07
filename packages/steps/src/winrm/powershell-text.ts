// PowerShell as a command line that cmd.exe takes: the text encoded (UTF-16, Base64), and by standard input where it is too long for that.
import { mostLineLength } from './cmd-line.ts';

export interface PowershellCall {
  script: string;
  arguments: readonly string[];
  /** Given to the script line by line as `$input`. */
  stdin: string | undefined;
}

export interface PowershellLine {
  line: string;
  /** What goes to standard input; undefined: nothing, and it is not opened. */
  input: Buffer | undefined;
}

/** A text in single quotes; PowerShell takes the typographic ones for quotes too (about_Quoting_Rules). */
export function quoted(text: string): string {
  return `'${text.replace(/['\u2018-\u201b]/g, (quote) => quote + quote)}'`;
}

export function encodedCommand(text: string): string {
  const encoded = Buffer.from(text, 'utf16le').toString('base64');
  return `powershell.exe -NoLogo -NoProfile -NonInteractive -ExecutionPolicy Bypass -EncodedCommand ${encoded}`;
}

/** No progress bars among the errors, and the first error ends the script, as a step is expected to. */
export const prelude = "$ProgressPreference='SilentlyContinue';$ErrorActionPreference='Stop'\n";
/** Else the exit code of the last program that the script ran would be lost. */
const epilogue = '\nif (Test-Path variable:global:LASTEXITCODE) { exit $global:LASTEXITCODE }';

/** As a script block made of text, so that `param`, `using` and `exit` in it work as in a file. */
function callOf({ script, arguments: given }: PowershellCall): string {
  return `& ([ScriptBlock]::Create(${quoted(script)}))${given.map((one) => ` ${quoted(one)}`).join('')}`;
}

const readInput = `${prelude}$lines=@($input)
$decode={[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($args[0]))}
$StandardInput=@()
if ($lines.Count -gt 1) { $StandardInput=(& $decode $lines[1]) -split "\\r?\\n" }
. ([ScriptBlock]::Create((& $decode $lines[0])))`;

export function powershellLine(call: PowershellCall): PowershellLine {
  const direct = encodedCommand(`${prelude}${callOf(call)}${epilogue}`);
  if (call.stdin === undefined && direct.length <= mostLineLength) return { line: direct, input: undefined };
  const body = call.stdin === undefined ? callOf(call) : `$StandardInput | ${callOf(call)}`;
  const lines = [`${body}${epilogue}`, ...(call.stdin === undefined ? [] : [call.stdin.replace(/\r?\n$/, '')])];
  const input = lines.map((text) => `${Buffer.from(text, 'utf8').toString('base64')}\r\n`).join('');
  return { line: encodedCommand(readInput), input: Buffer.from(input, 'latin1') };
}
