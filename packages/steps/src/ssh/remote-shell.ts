// What is sent to a host so that a command runs there: a small fixed program on the command line, and everything else, environment and command too, by
// standard input, where no list of processes shows it.

/** A text as one word of a POSIX shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** What the host says to us between the output, on standard error: `\x1e<nonce> <word>\n`. */
export const markerStart = '\x1e';

export interface RemoteCommand {
  /** Shell text; `sh` runs it. */
  text: string;
  environment: Record<string, string>;
  /** Where it runs; the home of the user when left out. `~/` stands for that. */
  folder?: string | undefined;
  pty: boolean;
  /** Runs it as this user, by sudo. */
  sudo?: { user: string; password: string | undefined } | undefined;
}

/** The question of sudo. No word of it is translated, so it is found in any language. */
export function sudoPrompt(nonce: string): string {
  return `${nonce}:sudo:`;
}

/**
 * The command line. It tells the id of its process, which is the leader of its group: sshd makes a session for each command. Then it reads lines
 * up to one that is `nonce` and runs them. `isSh`: the account's own shell is sh, so no other one is started.
 * With a terminal they come in base64, for a terminal cuts long lines and takes control characters for its own.
 */
export function commandLine({ pty, sudo }: Pick<RemoteCommand, 'pty' | 'sudo'>, { nonce, isSh }: { nonce: string; isSh: boolean }): string {
  const start = (pty ? 'stty -echo 2>/dev/null; ' : '') + tell(nonce, 'pid $$ $SHELL');
  const read = `p=; while IFS= read -r l && [ "$l" != ${nonce} ]; do p="$p$l$n"; done`;
  const run = pty ? 'eval "$(printf %s "$p" | base64 -d)"' : 'eval "$p"';
  // IFS is a space, a tab and a line end: so a line end without writing one, which csh would not take on a command line.
  const program = `n=\${IFS#??}; ${start}; ${read}; ${run}`;
  if (!sudo) return isSh ? program : `exec sh -c ${quoted(program)}`;
  const inner = `sudo -S -p ${quoted(sudoPrompt(nonce))} -u ${quoted(sudo.user)} -- sh -c ${quoted(program)}`;
  return `exec sh -c ${quoted(`${pty ? 'stty -echo 2>/dev/null; ' : ''}${tell(nonce, 'outer $$')}; exec ${inner}`)}`;
}

/** The lines that are read: environment, folder, a word that says that the command begins now, the command. */
export function preamble({ text, environment, folder, pty }: RemoteCommand, nonce: string): string {
  const lines = [
    ...Object.entries(environment).map(([name, value]) => `export ${name}=${quoted(value)}`),
    ...(folder === undefined ? [] : [`cd -- ${folderWord(folder)} || { ${tell(nonce, 'folder')}; exit 1; }`]),
    tell(nonce, 'go'),
    text.replaceAll('\r\n', '\n'),
  ].join('\n');
  const body = pty
    ? (
        Buffer.from(lines)
          .toString('base64')
          .match(/.{1,76}/g) ?? []
      ).join('\n')
    : lines;
  return `${body}\n${nonce}\n`;
}

function folderWord(folder: string): string {
  if (folder === '~') return '"$HOME"';
  return folder.startsWith('~/') ? `"$HOME"/${quoted(folder.slice(2))}` : quoted(folder);
}

function tell(nonce: string, words: string): string {
  return `printf "\\036%s %s\\n" ${nonce} "${words}" >&2`;
}
