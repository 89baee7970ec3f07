// What a validator says about a report.

export interface SchemaFault {
  /** 1-based line of the report; every record has one of its own. */
  line: number;
  /** Local name of the element at fault; empty when the text is no XML there. */
  element: string;
  message: string;
}
export interface ValidationOutcome {
  /** Which validator spoke, with its version where it tells. */
  by: string;
  total: number;
  /** The first 50. */
  faults: SchemaFault[];
  /** The first fault of every line that has one. */
  lines: Map<number, SchemaFault>;
}
export const keptFaults = 50;

export function newOutcome(by: string): ValidationOutcome {
  return { by, total: 0, faults: [], lines: new Map() };
}
export function addFault(outcome: ValidationOutcome, fault: SchemaFault): void {
  outcome.total++;
  if (!outcome.lines.has(fault.line)) outcome.lines.set(fault.line, fault);
  if (outcome.faults.length < keptFaults) outcome.faults.push(fault);
}

/** Splits libxml2's `Element '{namespace}Name': text` and takes the namespaces out, which nobody wants to read fifty times. */
export function faultOf(line: number, text: string): SchemaFault {
  const message = text.replaceAll(/\{[^}\s]*\}/g, '').trim();
  const match = /^Element '([^']+)'(?:, attribute '[^']+')?: (.*)$/s.exec(message);
  return match ? { line, element: match[1] ?? '', message: message.slice(message.indexOf(': ') + 2) } : { line, element: '', message };
}
