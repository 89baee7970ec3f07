// The PowerShell behind file.transfer to and from a Windows host (3.0 and later): look, list, read a range, move, remove, digest. Each ends before the next begins.
import { InvalidInput, NotFound } from '@tidewheel/contract/errors';
import { z } from 'zod';
import { digest, type Limits } from './copy-scripts.ts';
import { reasonOf, runHostScript } from './host-script.ts';
import type { WinrmShell } from './winrm-shell.ts';

/** Relative paths begin at the home folder of the user, where the shell begins. */
const full = `function Full($path) { $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath([Environment]::ExpandEnvironmentVariables($path)) }
function Answer($what) { [Console]::Out.WriteLine([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes((ConvertTo-Json -Compress $what)))) }
function Millis($time) { [long][Math]::Floor(($time - [DateTime]'1970-01-01').TotalMilliseconds) }
`;

const lookScript = `# tidewheel:look
param([string]$Path)
${full}
$full = Full $Path
$answer = @{ path = $full; kind = 'none'; size = 0; modified = 0 }
if ([IO.Directory]::Exists($full)) { $answer.kind = 'folder' }
if ([IO.File]::Exists($full)) { $file = New-Object IO.FileInfo $full; $answer.kind = 'file'; $answer.size = $file.Length; $answer.modified = Millis $file.LastWriteTimeUtc }
Answer $answer
`;

// Links to folders are not followed: they may lead back to where they are.
const listScript = `# tidewheel:list
param([string]$Path, [string]$Deep)
${full}
$root = Full $Path
if (-not [IO.Directory]::Exists($root)) { throw 'tidewheel:missing' }
$folders = New-Object Collections.Generic.Queue[string]
$folders.Enqueue('')
while ($folders.Count -gt 0) {
  $below = $folders.Dequeue()
  foreach ($entry in (New-Object IO.DirectoryInfo ([IO.Path]::Combine($root, $below))).EnumerateFileSystemInfos()) {
    $name = if ($below) { $below + '/' + $entry.Name } else { $entry.Name }
    if ($entry -is [IO.FileInfo]) { Answer @{ name = $name; size = $entry.Length; modified = Millis $entry.LastWriteTimeUtc } }
    elseif ($Deep -eq 'true' -and -not ($entry.Attributes -band [IO.FileAttributes]::ReparsePoint)) { $folders.Enqueue($name) }
  }
}
`;

const rangeScript = `# tidewheel:range
param([string]$Path, [long]$Offset, [long]$Count)
${full}
$full = Full $Path
if (-not [IO.File]::Exists($full)) { throw 'tidewheel:missing' }
$hash = New-Object Security.Cryptography.SHA256CryptoServiceProvider
$file = [IO.File]::Open($full, 'Open', 'Read', 'ReadWrite')
try {
  [void]$file.Seek($Offset, 'Begin')
  $buffer = New-Object byte[] 49152
  while ($Count -gt 0 -and ($got = $file.Read($buffer, 0, [Math]::Min($Count, $buffer.Length))) -gt 0) {
    [void]$hash.TransformBlock($buffer, 0, $got, $null, 0)
    [Console]::Out.WriteLine([Convert]::ToBase64String($buffer, 0, $got))
    $Count -= $got
  }
  [void]$hash.TransformFinalBlock($buffer, 0, 0)
  [Console]::Out.WriteLine('sha256 ' + [BitConverter]::ToString($hash.Hash).Replace('-', '').ToLower())
} finally { $file.Dispose() }
`;

const moveScript = `# tidewheel:move
param([string]$From, [string]$To)
${full}
$source = Full $From
$target = Full $To
if (-not [IO.File]::Exists($source)) { throw 'tidewheel:missing' }
[void][IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($target))
if ([IO.File]::Exists($target)) { [IO.File]::Replace($source, $target, [NullString]::Value) } else { [IO.File]::Move($source, $target) }
`;

const removeScript = `# tidewheel:remove
param([string]$Path)
${full}
[IO.File]::Delete((Full $Path))
`;

const digestScript = `# tidewheel:digest
param([string]$Path)
${full}
${digest}
[Console]::Out.WriteLine((Digest (Full $Path)))
`;

const Look = z.object({ path: z.string(), kind: z.enum(['none', 'file', 'folder']), size: z.number(), modified: z.number() });
export type Look = z.output<typeof Look>;
const Entry = z.object({ name: z.string(), size: z.number(), modified: z.number() });
export type Entry = z.output<typeof Entry>;

export async function look(shell: WinrmShell, path: string, limits: Limits): Promise<Look> {
  return read(Look, await runHostScript(shell, { script: lookScript, arguments: [path], ...limits }));
}

export interface ListingThere extends Limits {
  path: string;
  deep: boolean;
  /** Names are from the folder on, with forward slashes. What it throws ends the listing. */
  onEntry(entry: Entry): void;
}

/** @throws NotFound `winrm.no_folder` */
export async function listFiles(shell: WinrmShell, { path, deep, onEntry, ...limits }: ListingThere): Promise<void> {
  const onLine = (line: string) => {
    if (line !== '') onEntry(read(Entry, line));
  };
  await runHostScript(shell, { script: listScript, arguments: [path, String(deep)], onLine, ...limits }).catch((thrown: unknown) => {
    if (reasonOf(thrown) !== 'missing') throw thrown;
    throw new NotFound('winrm.no_folder', `There is no folder ${path} on the host.`, {
      hint: 'Check the path, and whose home folder it begins at.',
      cause: thrown,
    });
  });
}

export interface RangeThere extends Limits {
  path: string;
  offset: number;
  count: number;
  /** Base64, or `sha256 …` of the range at its end. */
  onLine(line: string): void;
}

/** @throws NotFound `winrm.no_file` */
export async function readRange(shell: WinrmShell, { path, offset, count, onLine, ...limits }: RangeThere): Promise<void> {
  const given = { script: rangeScript, arguments: [path, String(offset), String(count)], onLine, ...limits };
  await runHostScript(shell, given).catch((thrown: unknown) => gone(thrown, path));
}

/** Makes missing folders and replaces what has the new name. @throws NotFound `winrm.no_file` */
export async function moveFile(shell: WinrmShell, { from, to, ...limits }: { from: string; to: string } & Limits): Promise<void> {
  await runHostScript(shell, { script: moveScript, arguments: [from, to], ...limits }).catch((thrown: unknown) => gone(thrown, from));
}

export async function removeFile(shell: WinrmShell, path: string, limits: Limits): Promise<void> {
  await runHostScript(shell, { script: removeScript, arguments: [path], ...limits });
}

export async function digestOf(shell: WinrmShell, path: string, limits: Limits): Promise<string> {
  return runHostScript(shell, { script: digestScript, arguments: [path], ...limits });
}

function gone(thrown: unknown, path: string): never {
  if (reasonOf(thrown) === 'missing') throw new NotFound('winrm.no_file', `There is no file ${path} on the host.`, { cause: thrown });
  throw thrown;
}

/** @throws InvalidInput `winrm.answer` */
function read<T>(schema: z.ZodType<T>, line: string): T {
  const parsed = schema.safeParse(jsonIn(line));
  if (parsed.success) return parsed.data;
  throw new InvalidInput('winrm.answer', `PowerShell on the host answered with something else than was asked for: ${line.slice(0, 200)}`, {
    hint: 'Look whether a profile or a policy there writes into every session.',
  });
}

function jsonIn(line: string): unknown {
  try {
    return JSON.parse(Buffer.from(line, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}
