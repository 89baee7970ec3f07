import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsText, styledText, unstyledText } from './terminal-text.ts';

const esc = '\u001b';

describe('text for a terminal', () => {
  it.each([
    ['colours stay', `${esc}[1;31mred${esc}[0m`, `${esc}[1;31mred${esc}[0m`, 'red'],
    ['the cursor stays where it is', `a${esc}[2J${esc}[1;1Hb${esc}[10Ac`, 'abc', 'abc'],
    ['a title, a link and the clipboard are not set', `a${esc}]0;evil\u0007b${esc}]8;;http://x${esc}\\c${esc}]52;c;ZXZpbA==\u0007d`, 'abcd', 'abcd'],
    ['a string that never ends takes what it holds with it', `a${esc}]0;never`, 'a', 'a'],
    ['device strings and private sequences go', `a${esc}P1$r0m${esc}\\b${esc}[?1049hc${esc}[>4;2md`, 'abcd', 'abcd'],
    ['the eight-bit forms too', 'a\u009b31mb\u009d0;x\u009cc\u0085d', 'abcd', 'abcd'],
    ['single controls go', 'a\u0007b\bc\u0000d\u007fe', 'abcde', 'abcde'],
    ['tabs and line feeds stay, carriage returns end lines', 'a\tb\nc\r\nd 10%\r20%', 'a\tb\nc\nd 10%\n20%', 'a\tb\nc\nd 10%\n20%'],
    ['an escape at the end goes', `a${esc}`, 'a', 'a'],
  ])('%s', (_what, text, styled, plain) => {
    expect(styledText(text)).toBe(styled);
    expect(unstyledText(text)).toBe(plain);
  });

  it('keeps no control character of any text but those of colours, whatever it is', () => {
    const piece = fc.oneof(
      fc.constantFrom(esc, '\u009b', '[', ']', ';', 'm', '31', '\u0007', '\\', 'P', '?', ' ', 'x', '\r', '\n'),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
        const rest = styledText(text).replaceAll(/\u001b\[[\d;]*m/g, '');
        // biome-ignore lint/suspicious/noControlCharactersInRegex: likewise
        expect(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(rest)).toBe(false);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: likewise
        expect(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(unstyledText(text))).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('finds text across a change of colour, in any case', () => {
    expect(holdsText(`${esc}[31mConnection${esc}[0m Refused`, 'connection refused')).toBe(true);
    expect(holdsText(`${esc}[31m`, '31')).toBe(false);
  });
});
