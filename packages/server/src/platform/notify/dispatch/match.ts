// Whether a rule speaks of an event. Pure; regular expressions are RE2, so none of them can hang.
import { RE2JS } from '@bufbuild/re2';
import { severities } from '@tidewheel/contract/notification';
import type { RuleMatch } from '@tidewheel/contract/notify';
import type { EventFacts } from './facts.ts';

export function matches(match: RuleMatch, facts: EventFacts): boolean {
  return ofEvent(match, facts) && ofFlow(match, facts) && ofRun(match, facts) && ofError(match, facts);
}

/** What is wrong with a regular expression, if anything. */
export function patternFault(pattern: string): string | null {
  try {
    RE2JS.compile(pattern);
    return null;
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
}

function ofEvent({ kinds, minSeverity }: RuleMatch, { kind, severity }: EventFacts): boolean {
  return anyFits(kinds, kind) && (minSeverity === undefined || severities.indexOf(severity) >= severities.indexOf(minSeverity));
}

function ofFlow({ flows, folders, flowKinds, owners }: RuleMatch, { flow }: EventFacts): boolean {
  if (flows.length + folders.length + flowKinds.length + owners.length === 0) return true;
  if (!flow) return false;
  const inFolder = folders.length === 0 || folders.some((folder) => flow.folder === folder || flow.folder?.startsWith(`${folder}/`) === true);
  const ofKind = flowKinds.length === 0 || (flowKinds as string[]).includes(flow.kind);
  return anyFits(flows, flow.slug) && inFolder && ofKind && anyFits(lower(owners), flow.owner.toLowerCase());
}

function ofRun({ startedBy, durationOverSeconds, durationTimesUsual }: RuleMatch, { run, usualSeconds }: EventFacts): boolean {
  if (startedBy.length > 0 && !(run && anyFits(lower(startedBy), run.startedBy.toLowerCase()))) return false;
  const seconds = run?.seconds ?? null;
  if (durationOverSeconds !== undefined && !(seconds !== null && seconds > durationOverSeconds)) return false;
  return durationTimesUsual === undefined || (seconds !== null && usualSeconds !== null && seconds > durationTimesUsual * usualSeconds);
}

function ofError({ errorPattern, errorCodes }: RuleMatch, { run, text }: EventFacts): boolean {
  if (errorCodes.length > 0 && !(run?.error && anyFits(errorCodes, run.error.code))) return false;
  if (errorPattern === undefined) return true;
  const message = run ? run.error?.message : text;
  return message != null && compiled(errorPattern)?.test(message.slice(0, 4_000)) === true;
}

/** Empty fits everything; `x*` whatever begins so. */
function anyFits(patterns: readonly string[], value: string): boolean {
  return patterns.length === 0 || patterns.some((pattern) => (pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : value === pattern));
}

function lower(texts: readonly string[]): string[] {
  return texts.map((text) => text.toLowerCase());
}

const patterns = new Map<string, RE2JS | null>();
const mostPatterns = 500;

function compiled(pattern: string): RE2JS | null {
  const known = patterns.get(pattern);
  if (known !== undefined) return known;
  if (patterns.size >= mostPatterns) patterns.clear();
  const made = patternFault(pattern) === null ? RE2JS.compile(pattern) : null;
  patterns.set(pattern, made);
  return made;
}
