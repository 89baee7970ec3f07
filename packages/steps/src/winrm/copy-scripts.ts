// The PowerShell that moves a file in and out of a host (3.0 and later): Base64 lines by standard input and output, SHA-256 on both sides.
import { InvalidInput } from '@tidewheel/contract/errors';
import { z } from 'zod';
import { runHostScript } from './host-script.ts';
import type { WinrmShell } from './winrm-shell.ts';

// SHA256CryptoServiceProvider, for Get-FileHash is not everywhere and the managed class fails where only FIPS algorithms are let.
export const digest = `function Digest($path) {
  $hash = New-Object Security.Cryptography.SHA256CryptoServiceProvider
  $file = [IO.File]::Open($path, 'Open', 'Read', 'ReadWrite')
  try { [BitConverter]::ToString($hash.ComputeHash($file)).Replace('-', '').ToLower() } finally { $file.Dispose() }
}
`;

const probeScript = `# tidewheel:probe
param([string]$Path, [string]$Key)
${digest}
$full = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath([Environment]::ExpandEnvironmentVariables($Path))
$folder = [IO.Path]::GetDirectoryName($full)
$part = [IO.Path]::Combine("$folder", '.' + [IO.Path]::GetFileName($full) + '.' + $Key + '.part')
$answer = @{ path = $full; part = $part; kind = 'none'; hasFolder = [IO.Directory]::Exists("$folder"); size = 0; sha256 = ''; partSize = 0; partSha256 = '' }
if ([IO.Directory]::Exists($full)) { $answer.kind = 'folder' }
if ([IO.File]::Exists($full)) { $answer.kind = 'file'; $answer.size = (New-Object IO.FileInfo $full).Length; $answer.sha256 = Digest $full }
if ([IO.File]::Exists($part)) { $answer.partSize = (New-Object IO.FileInfo $part).Length; $answer.partSha256 = Digest $part }
[Console]::Out.WriteLine([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -Compress $answer))))
`;

const storeScript = `# tidewheel:store
param([string]$Part, [long]$Offset)
begin {
  [void][IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($Part))
  $file = [IO.File]::Open($Part, 'OpenOrCreate', 'Write', 'None')
  $file.SetLength($Offset)
  [void]$file.Seek($Offset, 'Begin')
}
process { if ($_) { $bytes = [Convert]::FromBase64String($_); $file.Write($bytes, 0, $bytes.Length) } }
end { $file.Flush($true); $file.Dispose() }
`;

const finishScript = `# tidewheel:finish
param([string]$Part, [string]$Path, [string]$Sha256, [string]$Overwrite)
${digest}
if ((Digest $Part) -ne $Sha256) { [IO.File]::Delete($Part); throw 'tidewheel:damaged' }
if ([IO.File]::Exists($Path)) {
  if ($Overwrite -ne 'true') { throw 'tidewheel:exists' }
  [IO.File]::Replace($Part, $Path, [NullString]::Value)
} else { [IO.File]::Move($Part, $Path) }
`;

const fetchScript = `# tidewheel:fetch
param([string]$Path)
$full = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath([Environment]::ExpandEnvironmentVariables($Path))
if (-not [IO.File]::Exists($full)) { throw 'tidewheel:missing' }
$hash = New-Object Security.Cryptography.SHA256CryptoServiceProvider
$file = [IO.File]::Open($full, 'Open', 'Read', 'ReadWrite')
try {
  [Console]::Out.WriteLine('size ' + $file.Length)
  $buffer = New-Object byte[] 49152
  while (($count = $file.Read($buffer, 0, $buffer.Length)) -gt 0) {
    [void]$hash.TransformBlock($buffer, 0, $count, $null, 0)
    [Console]::Out.WriteLine([Convert]::ToBase64String($buffer, 0, $count))
  }
  [void]$hash.TransformFinalBlock($buffer, 0, 0)
  [Console]::Out.WriteLine('sha256 ' + [BitConverter]::ToString($hash.Hash).Replace('-', '').ToLower())
} finally { $file.Dispose() }
`;

const Probe = z.object({
  path: z.string(),
  part: z.string(),
  kind: z.enum(['none', 'file', 'folder']),
  hasFolder: z.boolean(),
  size: z.number(),
  sha256: z.string(),
  partSize: z.number(),
  partSha256: z.string(),
});
export type Probe = z.output<typeof Probe>;

export interface Limits {
  signal: AbortSignal;
  timeoutMs: number;
}

/** What is at the path now, and what an earlier attempt left of the same file. */
export async function probeFile(shell: WinrmShell, { path, key, ...limits }: { path: string; key: string } & Limits): Promise<Probe> {
  const out = await runHostScript(shell, { script: probeScript, arguments: [path, key], ...limits });
  const parsed = Probe.safeParse(readJson(Buffer.from(out, 'base64').toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new InvalidInput('winrm.answer', `PowerShell on the host answered with something else than was asked for: ${out.slice(0, 200)}`, {
    hint: 'Look whether a profile or a policy there writes into every session.',
  });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Writes the content behind the first `offset` bytes of the part file. */
export async function storePart(
  shell: WinrmShell,
  { part, offset, content, ...limits }: { part: string; offset: number; content: AsyncIterable<Uint8Array> } & Limits,
): Promise<void> {
  await runHostScript(shell, { script: storeScript, arguments: [part, String(offset)], input: base64Lines(content), ...limits });
}

/** Compares the digest there and puts the part in its place. */
export async function finishFile(
  shell: WinrmShell,
  { part, path, sha256, overwrite, ...limits }: { part: string; path: string; sha256: string; overwrite: boolean } & Limits,
): Promise<void> {
  await runHostScript(shell, { script: finishScript, arguments: [part, path, sha256, String(overwrite)], ...limits });
}

/** Gives the lines `size …`, Base64 …, `sha256 …`. */
export async function fetchFile(
  shell: WinrmShell,
  { path, onLine, ...limits }: { path: string; onLine: (line: string) => Promise<void> } & Limits,
): Promise<void> {
  await runHostScript(shell, { script: fetchScript, arguments: [path], onLine, ...limits });
}

/** Of a line, so that PowerShell holds little at a time; a multiple of 3, so that every line is whole. */
const lineBytes = 12_288;
const batchLines = 20;

async function* base64Lines(content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let held = Buffer.alloc(0);
  for await (const bytes of content) {
    held = Buffer.concat([held, bytes]);
    while (held.length >= lineBytes * batchLines) {
      yield linesOf(held.subarray(0, lineBytes * batchLines));
      held = held.subarray(lineBytes * batchLines);
    }
  }
  if (held.length > 0) yield linesOf(held);
}

function linesOf(bytes: Buffer): Buffer {
  let text = '';
  for (let at = 0; at < bytes.length; at += lineBytes) text += `${bytes.subarray(at, at + lineBytes).toString('base64')}\r\n`;
  return Buffer.from(text, 'latin1');
}
