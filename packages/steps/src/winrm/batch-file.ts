// A script of cmd with several lines: it lies in a file of the user's temporary folder while it runs, for cmd.exe takes one line.
import { randomBytes } from 'node:crypto';
import { InvalidInput } from '@tidewheel/contract/errors';
import { cmdLine } from './cmd-line.ts';
import { runHostScript } from './host-script.ts';
import type { WinrmShell } from './winrm-shell.ts';

const writeBatch = `# tidewheel:batch
param([string]$Name)
begin {
  $path = Join-Path $env:TEMP $Name
  $file = [IO.File]::Open($path, 'CreateNew', 'Write', 'None')
}
process { if ($_) { $bytes = [Convert]::FromBase64String($_); $file.Write($bytes, 0, $bytes.Length) } }
end { $file.Dispose(); [Console]::Out.WriteLine([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($path))) }
`;

export interface Batch {
  script: string;
  arguments: readonly string[];
  codePage: number;
  signal: AbortSignal;
}

/** @returns the line that runs it, and what removes it. @throws InvalidInput for characters that its code page may not have */
export async function placeBatch(
  shell: WinrmShell,
  { script, arguments: given, codePage, signal }: Batch,
): Promise<{ line: string; remove: () => Promise<void> }> {
  // Else every line is printed before it is run.
  const text = `@echo off\r\n${script.replace(/\r?\n/g, '\r\n')}`;
  if (codePage !== 65_001 && /[^\t\r\n -~]/.test(text))
    throw new InvalidInput('winrm.batch_text', `A cmd script of several lines is plain ASCII where the code page is ${codePage}.`, {
      hint: 'Set the code page of the target to 65001, or use PowerShell.',
    });
  const name = `tidewheel-${randomBytes(12).toString('hex')}.cmd`;
  const encoded = Buffer.from(text)
    .toString('base64')
    .replace(/.{4000}/g, '$&\r\n');
  const out = await runHostScript(shell, { script: writeBatch, arguments: [name], input: [Buffer.from(`${encoded}\r\n`)], signal, timeoutMs: 60_000 });
  const path = Buffer.from(out, 'base64').toString('utf8');
  const remove = async () => {
    const ending = { line: `del /q "${path}"`, onOutput: () => undefined, signal: AbortSignal.timeout(3_000), timeoutMs: 3_000 };
    await shell.run(ending).catch(() => undefined);
  };
  return { line: cmdLine(`"${path}"`, given), remove };
}
