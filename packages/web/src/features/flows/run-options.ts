// What the dialog that starts a run sends beside the parameters.
import type { TestData } from '@tidewheel/contract/start-options';

/** How the data of one step is replaced: by text, or by an uploaded file. */
export interface TestInput {
  step: string;
  text: string;
  file: string | null;
}

export interface RunOptions {
  isDry: boolean;
  priority: number | null;
  deadline: string;
  inputs: TestInput[];
}
export const noOptions: RunOptions = { isDry: false, priority: null, deadline: '', inputs: [] };

export interface StartOptions {
  mode?: 'dry' | 'normal';
  priority?: number;
  deadline?: string;
  testData?: Record<string, TestData>;
}

/** With test data the mode is always said: what the switch shows is what is sent. */
export function startOptionsOf({ isDry, priority, deadline, inputs }: RunOptions): StartOptions {
  const given = inputs.filter(({ text, file }) => file !== null || text.trim() !== '');
  const testData = Object.fromEntries(given.map((input) => [input.step, dataOf(input)]));
  return {
    ...(isDry || given.length > 0 ? { mode: isDry ? 'dry' : 'normal' } : {}),
    ...(priority === null ? {} : { priority }),
    ...(deadline.trim() === '' ? {} : { deadline: deadline.trim() }),
    ...(given.length > 0 ? { testData } : {}),
  };
}

/** JSON that is a list of objects is rows, other JSON a value; everything else is CSV. */
function dataOf({ text, file }: TestInput): TestData {
  if (file !== null) return { file };
  const value = jsonOf(text);
  if (value === undefined) return { csv: text };
  return Array.isArray(value) && value.length > 0 && value.every(isRow) ? { rows: value } : { value };
}

function isRow(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function jsonOf(text: string): unknown {
  if (!/^\s*[[{"\d-]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
