// The configuration of each step: its schema, the expressions, templates and SQL in it, and the connections and uploaded files it names.
import type { AnyStepType } from '@tidewheel/kit/define-step';
import { closest, closestName } from '../../base/text.ts';
import { faultsOfZod, faultText } from '../../base/zod-faults.ts';
import { type FieldVisit, visitFields } from '../expressions/fields.ts';
import { requireHostCondition } from '../expressions/host-condition.ts';
import { type CheckContext, reportAbsent } from './check-context.ts';
import { checkExpression, checkTemplate, type Sight, sightInside } from './check-expression.ts';
import type { Keys } from './yaml-source.ts';

export function checkConfigs(context: CheckContext): void {
  for (const step of context.draft.steps) {
    const type = context.types.get(step.step.use);
    if (type?.asks !== undefined && context.holds?.(type.asks) === false) {
      const hint = 'Ask somebody who has it to write this step.';
      context.report({ keys: [...step.keys, 'use'], message: `${type.type} needs the permission ${type.asks}, which you do not have`, hint });
    }
    if (type) checkConfig({ context, keys: [...step.keys, 'with'], type, config: step.step.with, sight: sightInside(context, step) });
  }
}

interface ConfigCheck {
  context: CheckContext;
  /** Where it stands. */
  keys: Keys;
  type: AnyStepType;
  config: Record<string, unknown>;
  sight: Sight;
}

export function checkConfig({ context, keys, type, config, sight }: ConfigCheck): void {
  const computed = new Set<string>();
  visitFields({
    schema: type.config,
    value: config,
    visit: (field) => {
      if (field.kind === 'template' && field.text.includes('{{')) computed.add(pathText(field.path));
      checkField({ context, field, keys: [...keys, ...field.path], sight });
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

function checkField({ context, field, keys, sight }: { context: CheckContext; field: FieldVisit; keys: Keys; sight: Sight }): void {
  const { kind, text, hints } = field;
  if (hints.widget === 'file' && text !== '') checkStoredFile({ context, keys, slug: text });
  if (hints.widget === 'target' && text !== '') checkTarget({ context, keys, name: text, of: hints.of });
  if (typeof hints.widget === 'string' && hints.widget.startsWith('target-') && text !== '') checkSelection({ context, keys });
  if (hints.widget === 'target-where' && text !== '') checkHostCondition({ context, keys, text });
  if (hints.widget === 'approvers' && !text.includes('{{'))
    context.approvers.push({
      keys,
      approvers: text
        .toLowerCase()
        .split(/[\s,]+/)
        .filter(Boolean),
    });
  if (kind === 'row') context.sql.push({ keys, text, kind: 'row', locals: sight.locals });
  else if (kind === 'expression')
    checkExpression({ context, keys, text, sight: { ...sight, locals: [...sight.locals, ...((hints.locals as string[] | undefined) ?? [])] } });
  else if (kind === 'template') checkTemplate({ context, keys, text, sight });
  else if (hints.widget === 'connection') checkConnection({ context, keys, slug: text, of: hints.of });
  else if (hints.language === 'sql') context.sql.push({ keys, text, kind: 'sql', locals: sight.locals });
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

/** Hosts come and go as connections do. `of`: transports, `['ssh']`. */
function checkTarget({ context, keys, name, of }: { context: CheckContext; keys: Keys; name: string; of: unknown }): void {
  const how = context.absent.targets;
  if (name.includes('{{')) {
    if (how !== 'error') return;
    const hint = 'Name the host itself: which one it will be decides whether you may use it.';
    context.report({ keys, message: 'is computed, and you may not use every host', hint });
    return;
  }
  const lower = name.toLowerCase();
  const allowed = Array.isArray(of) ? of.map(String) : null;
  const fits = ({ transport }: { transport: string }): boolean => allowed === null || allowed.includes(transport);
  const found = context.targets.find((target) => target.name === lower || target.id === lower);
  if (found && fits(found)) return;
  if (found) {
    context.report({ keys, message: `needs a host reached by ${allowed?.join(' or ')}, but "${found.name}" is reached by ${found.transport}` });
    return;
  }
  const candidates = context.targets.filter(fits).map((target) => target.name);
  reportAbsent({ context, keys, what: `host "${name}"`, slip: closestName(lower, candidates), how });
}

function checkHostCondition({ context, keys, text }: { context: CheckContext; keys: Keys; text: string }): void {
  try {
    requireHostCondition(text);
  } catch (thrown) {
    context.report({ keys, ...faultText(thrown) });
  }
}

/** Hosts by tag, group or condition: which they are is known when it runs. */
function checkSelection({ context, keys }: { context: CheckContext; keys: Keys }): void {
  if (context.absent.targets !== 'error') return;
  const hint = 'Name the hosts themselves: which ones they are decides whether you may use them.';
  context.report({ keys, message: 'chooses hosts when it runs, and you may not use every host', hint });
}
