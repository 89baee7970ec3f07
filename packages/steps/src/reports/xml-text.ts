// Writes XML 1.0 text. Line breaks inside values are written as character references, so that one record stays on one line.
import { InvalidInput } from '@tidewheel/contract/errors';

const references: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\t': '&#9;', '\n': '&#10;', '\r': '&#13;' };
// Everything that the production Char of XML 1.0 leaves out; a reference to such a character is not well-formed either.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not pass
const unwritable = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/u;

export function isWritable(text: string): boolean {
  return !unwritable.test(text);
}
/** @throws InvalidInput when the text holds a character that XML cannot carry */
export function escapeXml(text: string): string {
  const found = unwritable.exec(text);
  if (found) {
    const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    throw new InvalidInput('report.character', `The text ${JSON.stringify(text.slice(0, 60))} holds U+${code}, which XML cannot carry.`, {
      hint: 'Take the character out of the source, or replace it in a step before.',
    });
  }
  return text.replace(/[&<>"\t\n\r]/g, (character) => references[character] ?? character);
}
/** `<name>text</name>`; nothing when the text is null. */
export function leaf(name: string, text: string | null): string {
  return text === null ? '' : `<${name}>${escapeXml(text)}</${name}>`;
}
/** `<name>inner</name>` around what is XML already; nothing when it is empty. */
export function group(name: string, inner: string): string {
  return inner === '' ? '' : `<${name}>${inner}</${name}>`;
}
/** `<name Ccy="EUR">1.5</name>`. */
export function amount(name: string, { value, currency }: { value: string; currency: string | null }): string {
  return `<${name}${currency === null ? '' : ` Ccy="${escapeXml(currency)}"`}>${escapeXml(value)}</${name}>`;
}
