import fc from 'fast-check';
import { XmlDocument } from 'libxml2-wasm';
import { expect, test } from 'vitest';
import { amount, escapeXml, isWritable, leaf } from './xml-text.ts';

test('what a parser reads back is what was written, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      fc.pre(isWritable(text));
      using document = XmlDocument.fromString(`<?xml version="1.0" encoding="UTF-8"?>${leaf('Nm', text)}`);
      expect(document.root.content).toBe(text);
    }),
  );
});
test('odd names', () => {
  expect(leaf('Nm', `O'NEILL & <SØNS> "2"\n`)).toBe(`<Nm>O'NEILL &amp; &lt;SØNS&gt; &quot;2&quot;&#10;</Nm>`);
  expect(amount('Amt', { value: '1.5', currency: 'E"R' })).toBe('<Amt Ccy="E&quot;R">1.5</Amt>');
  expect(leaf('Nm', null)).toBe('');
});
test.each(['\u0000', '\u0008', '\u001F', '\uFFFE', '\uD800'])('%j cannot be written', (text) => {
  expect(() => escapeXml(`a${text}`)).toThrow(/U\+[0-9A-F]{4}, which XML cannot carry/);
});
