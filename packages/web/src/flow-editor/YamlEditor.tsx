import type { Fault } from '@tidewheel/contract/problem';
import { useEffect, useRef } from 'react';
import classes from './YamlEditor.module.css';
import { createYamlView, jumpToLine, replaceText, setReadOnly, showFaults, type YamlView } from './yaml-view.ts';

interface YamlEditorProps {
  value: string;
  onChange: (value: string) => void;
  isReadOnly: boolean;
  faults: Fault[];
  /** A new object moves to its line. */
  jump: { line: number } | null;
}

/** The text of a flow document, with its faults at their lines. */
export function YamlEditor({ value, onChange, isReadOnly, faults, jump }: YamlEditorProps) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<YamlView | null>(null);
  const changed = useRef(onChange);
  changed.current = onChange;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the view is made once; the effects below keep it current
  useEffect(() => {
    if (!box.current) return;
    const made = createYamlView({ parent: box.current, text: value, onChange: (text) => changed.current(text) });
    view.current = made;
    return () => made.destroy();
  }, []);
  useEffect(() => {
    if (view.current) replaceText(view.current, value);
  }, [value]);
  useEffect(() => {
    if (view.current) setReadOnly(view.current, isReadOnly);
  }, [isReadOnly]);
  useEffect(() => {
    if (view.current) showFaults(view.current, faults);
  }, [faults]);
  useEffect(() => {
    if (view.current && jump) jumpToLine(view.current, jump.line);
  }, [jump]);
  return <div ref={box} className={classes['editor']} />;
}
