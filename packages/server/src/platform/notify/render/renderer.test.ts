// What templates may do, and what becomes of those that do too much.
import type { TemplateContent } from '@tidewheel/contract/notify';
import { afterAll, describe, expect, it } from 'vitest';
import { builtInTemplates } from '../built-in.ts';
import { createRenderer, finished, formsOf, type MessageForm } from './renderer.ts';
import { sampleScope } from './scope.ts';

const renderer = createRenderer();
afterAll(() => renderer.close());

const of = (parts: Partial<TemplateContent>): TemplateContent => ({
  title: 'T',
  kinds: [],
  subject: 's',
  text: 't',
  html: '',
  short: '',
  inAppTitle: '',
  inAppText: '',
  ...parts,
});
const render = (content: TemplateContent, strict = true) => renderer.render({ template: formsOf(content), scope: sampleScope(content), strict });
async function partsOf(content: TemplateContent): Promise<Record<MessageForm, string>> {
  const answer = await render(content);
  if (!('parts' in answer)) throw new TypeError(`${answer.form}: ${answer.fault}`);
  return finished(answer.parts);
}

describe('templates', () => {
  it.each(Object.entries(builtInTemplates))('the built-in one %s is right', async (_, content) => {
    expect(await partsOf(content)).toMatchSnapshot();
  });
  it('escape values in HTML, and not in text', async () => {
    const { html, text } = await partsOf(of({ html: '<b>{{ event.text }}</b>', text: '{{ event.text }}' }));
    expect(html).toContain('&lt;timeout&gt;');
    expect(text).toContain('<timeout>');
    expect((await partsOf(of({ text: 'a <b> & "c" https://x.example/?a=1' }))).html).toContain(
      'a &lt;b&gt; &amp; &quot;c&quot; <a href="https://x.example/?a=1">',
    );
  });
  it.each([
    ['subject', of({ subject: '{{ run.nobody }}' }), 'undefined variable: run.nobody'],
    ['text', of({ text: '{% if %}' }), 'line:1'],
    ['html', of({ html: '{{ event.title | nothing }}' }), 'undefined filter: nothing'],
    ['text', of({ text: '{% include "/etc/passwd" %}' }), 'passwd'],
    ['text', of({ text: '{% render "x" %}' }), 'ENOENT'],
    ['text', of({ text: '{{ event.constructor.name }}' }), 'undefined variable'],
  ])('name what is wrong in the %s', async (form, content, fault) => {
    const answer = await render(content);
    expect(answer).toMatchObject({ form, fault: expect.stringContaining(fault) });
  });
  it('may speak of data that an event will have', async () => {
    expect((await partsOf(of({ text: '{{ event.data.venue }}' }))).text).toBe('(venue)');
  });
  it.each([
    ['loops of a million', '{% for i in (1..1000000) %}{% for j in (1..1000000) %}x{% endfor %}{% endfor %}'],
    ['text without end', '{% assign a = "xxxxxxxxxx" %}{% for i in (1..40) %}{% assign a = a | append: a %}{% endfor %}{{ a }}'],
  ])('are ended: %s', async (_, text) => {
    expect(await render(of({ text }))).toMatchObject({ fault: expect.any(String) });
    expect((await partsOf(of({ text: 'still there' }))).text).toBe('still there');
  });
  it('make one line of a subject', async () => {
    expect((await partsOf(of({ subject: 'a\r\nBcc: x@example.org\n' }))).subject).toBe('a Bcc: x@example.org');
  });
});
