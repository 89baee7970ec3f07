// Text that was written for a terminal, made harmless: of its control sequences only colours and styles (SGR, ECMA-48 8.3.117) may stay.

/** CSI sequences; strings (OSC, DCS, SOS, PM, APC) with all they hold; other escapes; single control characters except tab and line feed. */
const control =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[PX\]^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-Z\\`-~]?|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: likewise
const style = /^\u001b\[[\d;]{0,48}m$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: likewise
const any = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

/** The text with its colours and styles, and without everything else that could drive a terminal. A carriage return becomes a line feed. */
export function styledText(text: string): string {
  if (!any.test(text)) return text;
  return text.replaceAll(/\r\n?/g, '\n').replaceAll(control, (found) => (style.test(found) ? found : ''));
}

/** The text that a person reads, without any control sequence. */
export function unstyledText(text: string): string {
  if (!any.test(text)) return text;
  return text.replaceAll(/\r\n?/g, '\n').replaceAll(control, '');
}

/** Whether `wanted` is in what a person reads of `text`, in any case. `wanted` must be in lower case. */
export function holdsText(text: string, wanted: string): boolean {
  return unstyledText(text).toLowerCase().includes(wanted);
}
