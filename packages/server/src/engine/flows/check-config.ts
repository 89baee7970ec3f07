// The configuration of each step: its schema, the expressions, templates and SQL in it, and the connections and uploaded files it names.
import type { AnyStepType } from '@tidewheel/kit/define-step';
import { closest, closestName } from '../../base/text.ts';
import { faultsOfZod, faultText } from '../../base/zod-faults.ts';
import { compile } from '../expressions/compile.ts';
import { type FieldVisit, visitFields } from '../expressions/fields.ts';
import { namesOf, unknownName } from '../expressions/names.ts';
import { templateParts } from '../expressions/template.ts';
import type { Absent, CheckContext } from './check-context.ts';
import { ancestorsOf } from './check-graph.ts';
import type { Keys } from './yaml-source.ts';

export function checkConfigs(context: CheckContext): void {
  for (const [id, { step }] of context.draft.steps) {
    if (step.when !== undefined) checkExpressionText({ context, id, keys: ['steps', id, 'when'], text: step.when });
    const type = context.types.get(step.use);
    if (type) checkConfig({ context, id, type, config: step.with });
  }
}

function checkConfig({ context, id, type, config }: { context: CheckContext; id: string; type: AnyStepType; config: Record<string, unknown> }): void {
  const keys = ['steps', id, 'with'];
  const computed = new Set<string>();
  visitFields({
    schema: type.config,
    value: config,
    visit: (field) => {
      if (field.kind === 'template' && field.text.includes('{{')) computed.add(pathText(field.path));
      checkField({ context, id, field, keys: [...keys, ...field.path] });
    },
  });
  const parsed = type.config.safeParse(config);
  const faults = parsed.success
    ? ownFaults({ type, config: parsed.data, keys })
    : faultsOfZod({ error: parsed.error, input: config, schema: type.config, path: keys });
  // What a template will become is known when the step runs; only then is it held against the limits of its field.
  for (const fault of faults) if (!computed.has(pathText(fault.keys.slice(keys.length)))) context.report(fault);
}

function pathText(keys: Keys): string {
  return JSON.stringify(keys);
}

function ownFaults({ type, config, keys }: { type: AnyStepType; config: unknown; keys: Keys }): { keys: (string | number)[]; message: string }[] {
  try {
    const faults = type.check?.(config) ?? [];
    return faults.map(({ path, message }) => ({ keys: [...keys, ...path.split('.').filter(Boolean).map(asKey)], message }));
  } catch (thrown) {
    return [{ keys: [...keys], message: faultText(thrown).message }];
  }
}
function asKey(part: string): string | number {
  return /^\d+$/.test(part) ? Number(part) : part;
}

function checkField({ context, id, field, keys }: { context: CheckContext; id: string; field: FieldVisit; keys: Keys }): void {
  const { kind, text, hints } = field;
  if (hints.widget === 'file' && text !== '') checkStoredFile({ context, keys, slug: text });
  if (kind === 'row') context.sql.push({ keys, text, kind: 'row' });
  else if (kind === 'expression') checkExpressionText({ context, id, keys, text });
  else if (kind === 'template') checkTemplate({ context, id, keys, text });
  else if (hints.widget === 'connection') checkConnection({ context, keys, slug: text, of: hints.of });
  else if (hints.language === 'sql') context.sql.push({ keys, text, kind: 'sql' });
}

interface TextCheck {
  context: CheckContext;
  id: string;
  keys: Keys;
  text: string;
}

function checkTemplate({ context, id, keys, text }: TextCheck): void {
  if (!text.includes('{{')) return;
  try {
    for (const part of templateParts(text)) if ('expression' in part) checkExpressionText({ context, id, keys, text: part.expression });
  } catch (thrown) {
    context.report({ keys, ...faultText(thrown) });
  }
}

/** Syntax, the names it uses, and that every step it asks for has surely ended when it is evaluated. */
function checkExpressionText({ context, id, keys, text }: TextCheck): void {
  try {
    const compiled = compile(text);
    const unknown = unknownName({ compiled, parameters: namesOf(context.draft.parameters), steps: context.steps });
    if (unknown) context.report({ keys, ...unknown });
    const before = compiled.steps.size > 0 ? ancestorsOf(context, id) : new Set<string>();
    for (const name of compiled.steps) {
      if (before.has(name) || !context.draft.steps.has(name)) continue;
      context.report({ keys, message: `asks for steps.${name}, which need not have run before`, hint: `Add after: ${name} to this step.` });
    }
  } catch (thrown) {
    context.report({ keys, ...faultText(thrown) });
  }
}

/** Connections come and go on their own: a missing one is found again when a run starts. `of`: connector types, `folder|sftp`. */
function checkConnection({ context, keys, slug, of }: { context: CheckContext; keys: Keys; slug: string; of: unknown }): void {
  const allowed = typeof of === 'string' ? of.split('|') : null;
  const fits = ({ type }: { type: string }): boolean => allowed === null || allowed.includes(type);
  const found = context.connections.find((connection) => connection.slug === slug);
  if (found && fits(found)) return;
  if (found) {
    context.report({ keys, message: `needs a connection of the type ${allowed?.join(' or ')}, but "${slug}" is one of the type ${found.type}` });
    return;
  }
  const candidates = context.connections.filter(fits).map((connection) => connection.slug);
  const slip = closest(slug, candidates);
  reportAbsent({ context, keys, what: `connection "${slug}"`, slip, how: context.absent.connections });
}

/** Uploaded files come and go as connections do. */
function checkStoredFile({ context, keys, slug }: { context: CheckContext; keys: Keys; slug: string }): void {
  const how = context.absent.files;
  if (slug.includes('{{')) {
    if (how !== 'error') return;
    const hint = 'Name the file itself: which one it will be decides whether you may use it.';
    context.report({ keys, message: 'is computed, and you may not use every uploaded file', hint });
    return;
  }
  if (context.files.includes(slug)) return;
  reportAbsent({ context, keys, what: `uploaded file "${slug}"`, slip: closestName(slug, context.files), how });
}

interface Missing {
  context: CheckContext;
  keys: Keys;
  what: string;
  slip: string | undefined;
  how: Absent[keyof Absent];
}

function reportAbsent({ context, keys, what, slip, how }: Missing): void {
  if (how === 'nothing') return;
  if (how === 'error') {
    const message = slip ? `there is no ${what} that you may use; did you mean "${slip}"?` : `there is no ${what} that you may use`;
    context.report({ keys, message, hint: 'Ask an administrator of the workspace for the permission to read it.' });
    return;
  }
  const message = slip ? `there is no ${what}; did you mean "${slip}"?` : `there is no ${what} yet`;
  context.report({ keys, message, severity: 'warning', hint: 'It is looked for again when a run starts.' });
}
