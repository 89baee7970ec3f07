// Writes the little XML that WS-Management takes: elements with attributes, everything escaped.
import { InvalidInput } from '@tidewheel/contract/errors';

export interface Element {
  name: string;
  attributes?: Record<string, string>;
  content?: string | readonly Element[];
}

export function element(name: string, content?: Element['content'], attributes?: Record<string, string>): Element {
  return { name, ...(attributes ? { attributes } : {}), ...(content === undefined ? {} : { content }) };
}

export function writeXml({ name, attributes = {}, content = '' }: Element): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  const inner = typeof content === 'string' ? escaped(content) : content.map(writeXml).join('');
  return `<${name}${written.join('')}>${inner}</${name}>`;
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;', '\n': '&#10;', '\t': '&#9;' };

/** @throws InvalidInput for what XML 1.0 cannot carry, not even escaped */
function escaped(text: string): string {
  const [bad] = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.exec(text) ?? [];
  if (bad !== undefined)
    throw new InvalidInput(
      'winrm.character',
      `A command, argument or variable has the character U+${(bad.codePointAt(0) ?? 0).toString(16).padStart(4, '0').toUpperCase()}, which WinRM cannot carry.`,
      {
        hint: 'Leave it out, or give it by standard input.',
      },
    );
  return text.replace(/[&<>"\r\n\t]/g, (one) => escapes[one] ?? one);
}
