// CodeMirror for flow documents, apart from React.
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, foldGutter, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Annotation, Compartment, EditorState, type Text } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Fault } from '@tidewheel/contract/problem';

export type YamlView = EditorView;
const fromOutside = Annotation.define<boolean>();
const readOnly = new Compartment();

/** Colours are our variables, so that light and dark follow the page. */
const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--tw-link)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--tw-run)' },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword, tags.literal], color: 'var(--tw-wait)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--mantine-color-dimmed)', fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace, tags.meta], color: 'var(--mantine-color-dimmed)' },
]);

export function createYamlView(options: { parent: HTMLElement; text: string; onChange: (text: string) => void }): YamlView {
  const report = EditorView.updateListener.of((update) => {
    if (update.docChanged && !update.transactions.some((transaction) => transaction.annotation(fromOutside))) options.onChange(update.state.doc.toString());
  });
  const extensions = [
    lineNumbers(),
    foldGutter(),
    lintGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSelectionMatches(),
    yaml(),
    syntaxHighlighting(colours),
    keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, ...lintKeymap]),
    EditorState.tabSize.of(2),
    readOnly.of([]),
    report,
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ 'aria-label': 'Flow document (YAML)', spellcheck: 'false', tabindex: '0' }),
  ];
  return new EditorView({ parent: options.parent, state: EditorState.create({ doc: options.text, extensions }) });
}

/** Leaves the cursor and the undo history alone when the text is the same. */
export function replaceText(view: YamlView, text: string): void {
  if (view.state.doc.toString() === text) return;
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, annotations: fromOutside.of(true) });
}

export function setReadOnly(view: YamlView, value: boolean): void {
  view.dispatch({ effects: readOnly.reconfigure(value ? [EditorState.readOnly.of(true)] : []) });
}

export function showFaults(view: YamlView, faults: Fault[]): void {
  view.dispatch(setDiagnostics(view.state, diagnosticsOf(faults, view.state.doc)));
}

/** A fault marks the whole text of its line; one without a line is in the list below only. */
export function diagnosticsOf(faults: Fault[], text: Text): Diagnostic[] {
  return faults.flatMap((fault) => {
    if (fault.line === undefined || fault.line > text.lines) return [];
    const line = text.line(Math.max(1, fault.line));
    const indent = line.text.length - line.text.trimStart().length;
    return [
      {
        from: Math.min(line.from + indent, line.to),
        to: line.to,
        severity: fault.severity,
        message: `${fault.path}: ${fault.message}${fault.hint ? ` ${fault.hint}` : ''}`,
      },
    ];
  });
}

export function jumpToLine(view: YamlView, number: number): void {
  const line = view.state.doc.line(Math.min(Math.max(1, number), view.state.doc.lines));
  view.dispatch({ selection: { anchor: line.from }, effects: EditorView.scrollIntoView(line.from, { y: 'center' }) });
  view.focus();
}
