// Between steps and lines of the text, for jumping from one to the other.

/** The 1-based line on which a step of the document starts; null when it is not found. */
export function lineOfStep(source: string, step: string): number | null {
  const lines = source.split('\n');
  const from = lines.findIndex((line) => /^steps\s*:/.test(line));
  const at = lines.findIndex((line, index) => index > from && new RegExp(`^\\s+["']?${step}["']?\\s*:`).test(line));
  return at < 0 ? null : at + 1;
}

/** The step that a fault's path names: `steps.clean.use` is about `clean`. */
export function stepOfPath(path: string): string | null {
  return /^steps\.(\w+)/.exec(path)?.[1] ?? null;
}
