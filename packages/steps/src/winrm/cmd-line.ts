// Lines for cmd.exe, which WinRM runs every command by.
import { InvalidInput } from '@tidewheel/contract/errors';

/** cmd.exe takes 8,191 characters. */
export const mostLineLength = 8_000;

export function isOneLine(script: string): boolean {
  return !/[\r\n]/.test(script.trim()) && script.length <= mostLineLength;
}

/** @throws InvalidInput for what no quotes of cmd.exe hold together */
export function cmdQuoted(text: string): string {
  const [bad] = /["%\r\n]/.exec(text) ?? [];
  if (bad === undefined) return `"${text.replace(/\\+$/, '$&$&')}"`;
  throw new InvalidInput('winrm.cmd_argument', `An argument for cmd has ${JSON.stringify(bad)}, which cmd.exe cannot pass on safely.`, {
    hint: 'Give it in the environment, or use PowerShell.',
  });
}

/** @throws InvalidInput when it is too long for cmd.exe */
export function cmdLine(command: string, given: readonly string[]): string {
  const plain = [command.trim(), ...given.map(cmdQuoted)].join(' ');
  // `cmd /c` takes away the first and the last quote of a line that begins with one; behind an @ it leaves them.
  const line = plain.startsWith('"') ? `@${plain}` : plain;
  if (line.length <= mostLineLength) return line;
  throw new InvalidInput('winrm.line_length', `The command with its arguments has ${line.length} characters; cmd.exe takes ${mostLineLength}.`, {
    hint: 'Give the long part in the environment or by standard input.',
  });
}
