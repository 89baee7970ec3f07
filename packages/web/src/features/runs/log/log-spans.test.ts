import { describe, expect, it } from 'vitest';
import { logSpans, shownCharacters } from './log-spans.ts';

const esc = '\u001b';
const spansOf = (text: string, wanted?: string) => logSpans(text, { wanted, scheme: 'light' }).spans;

describe('a line of the log', () => {
  it('is one piece when it has no colours', () => expect(spansOf('Read 10 rows')).toEqual([{ at: 0, text: 'Read 10 rows', look: undefined, isHit: false }]));
  it('has a look for each piece', () => {
    expect(spansOf(`a ${esc}[1;4;31mred${esc}[0m b`)).toMatchObject([
      { text: 'a ', look: undefined },
      { text: 'red', look: { isBold: true, line: 'underline', colour: expect.stringMatching(/^rgb/) } },
      { text: ' b', look: undefined },
    ]);
    expect(spansOf(`${esc}[38;5;196;48;2;0;0;0mx`)).toMatchObject([{ look: { ground: 'rgb(0 0 0)', colour: expect.any(String) } }]);
    expect(spansOf(`${esc}[7mx`)).toMatchObject([{ look: { ground: 'rgb(22 38 42)' } }]);
  });
  it('marks every hit, across colours and in any case', () => {
    expect(spansOf(`Conn${esc}[31mection${esc}[0m and connection`, 'CONNECTION').map(({ text, isHit }) => [text, isHit])).toEqual([
      ['Conn', true],
      ['ection', true],
      [' and ', false],
      ['connection', true],
    ]);
  });
  it('says nothing of what a terminal would do besides, and nothing hides', () => {
    expect(spansOf(`a${esc}[2J${esc}]0;title\u0007${esc}[8mb<script>`).map(({ text }) => text)).toEqual(['a', 'b<script>']);
  });
  it('is shown up to a length, and says how much is missing', () => {
    const { spans, hidden } = logSpans('x'.repeat(shownCharacters + 5), { wanted: undefined, scheme: 'dark' });
    expect(spans[0]?.text).toHaveLength(shownCharacters);
    expect(hidden).toBe(5);
  });
});
