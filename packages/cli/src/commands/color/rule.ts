import { Option } from '@commander-js/extra-typings';
import {
  archiveColorRule,
  createColorRule,
  duplicateColorRule,
  listColorRules,
  reorderColorRules,
  restoreColorRule,
  showColorDeskSettings,
  showColorRule,
  switchColorRule,
  updateColorDeskSettings,
  updateColorRule,
} from '@tidewheel/client/routes';
import { type ColorRule, colorRuleKinds } from '@tidewheel/contract/color-rule';
import { stringify } from 'yaml';
import { command, contextOf, group } from '../../command.ts';
import { positiveCount } from '../../listing.ts';
import { conditionWords, readRule } from './rule-file.ts';
import { rulePlay, ruleTest } from './rule-trial.ts';

const kindOption = () => new Option('--kind <kind>', 'exclusion or coloring rules').choices(colorRuleKinds);
const allowsAll = ['--allows-all', 'also when the rules then exclude everything that waits'] as const;

export function colorRule() {
  return group('rule', { summary: 'See and write the rules of the desk, and try them before they count' })
    .addCommand(list())
    .addCommand(show())
    .addCommand(create())
    .addCommand(update())
    .addCommand(activate())
    .addCommand(deactivate())
    .addCommand(duplicate())
    .addCommand(move())
    .addCommand(archive())
    .addCommand(restore())
    .addCommand(ruleTest())
    .addCommand(rulePlay())
    .addCommand(order());
}

function list() {
  return command('list', {
    summary: 'List the rules in the order in which they are asked',
    examples: [['tidewheel color rule list --kind exclude', 'what takes rows out']],
  })
    .addOption(kindOption())
    .option('--archived', 'the archived ones instead')
    .action(async ({ kind, archived, ...options }) => {
      const context = contextOf(options);
      const { items } = await (await context.client()).call(listColorRules, { query: { archived } });
      const rules = items.filter((rule) => kind === undefined || rule.kind === kind);
      context.print.result(rules, () => {
        if (rules.length === 0) return context.print.note('No rules.');
        context.print.table<ColorRule>(
          [
            { title: 'Kind', value: (one) => one.kind, whole: true },
            { title: 'No', value: (one) => String(one.priority), align: 'right' },
            { title: 'Title', value: (one) => one.title },
            { title: 'Active', value: (one) => (one.active ? 'yes' : 'no') },
            { title: 'Condition', value: (one) => conditionWords(one.condition), optional: true },
            { title: 'Color', value: (one) => one.color ?? '' },
            { title: 'Id', value: (one) => one.id, whole: true },
          ],
          rules,
        );
      });
    });
}

function show() {
  return command('show', { summary: 'Show a rule as YAML', examples: [['tidewheel color rule show <id> > rule.yaml', 'to change it and give it to `update`']] })
    .argument('<rule>', 'id of the rule')
    .action(async (id, options) => {
      const context = contextOf(options);
      const rule = await (await context.client()).call(showColorRule, { params: { id } });
      const { kind, title, note, condition, color, active } = rule;
      context.print.result(rule, () => context.print.line(stringify({ kind, title, note, condition, color, active }).trimEnd()));
    });
}

function create() {
  return command('create', {
    summary: 'Write a rule from a file',
    examples: [
      ["echo '{ kind: exclude, title: Old, condition: { field: date, operator: less, value: today-3 } }' | tidewheel color rule create -", 'from stdin'],
    ],
  })
    .argument('<file>', 'YAML or JSON; - for stdin')
    .option('--priority <n>', 'its place among rules of its kind; the last when omitted', positiveCount)
    .option(...allowsAll)
    .action(async (file, { priority, allowsAll: all, ...options }) => {
      const context = contextOf(options);
      const rule = await (await context.client()).call(createColorRule, { body: { ...(await readRule(file)), priority, allowsAll: all } });
      context.print.result(rule, () => context.print.line(`Rule "${rule.title}" is number ${rule.priority}: ${rule.id}`));
    });
}

function update() {
  return command('update', {
    summary: 'Change a rule by a file',
    examples: [['tidewheel color rule update <id> rule.yaml', 'refused when somebody changed it meanwhile']],
  })
    .argument('<rule>', 'id of the rule')
    .argument('<file>', 'YAML or JSON; - for stdin')
    .option('--revision <n>', 'that you have seen; the newest when omitted', positiveCount)
    .option(...allowsAll)
    .action(async (id, file, { revision: seen, allowsAll: all, ...options }) => {
      const context = contextOf(options);
      const client = await context.client();
      const content = await readRule(file);
      const revision = seen ?? (await client.call(showColorRule, { params: { id } })).revision;
      const rule = await client.call(updateColorRule, { params: { id }, body: { ...content, revision, allowsAll: all } });
      context.print.result(rule, () => context.print.line(`Rule "${rule.title}" is changed.`));
    });
}

function activate() {
  return command('activate', {
    summary: 'Switch a rule on',
    examples: [['tidewheel color rule activate <id>', 'asked first when nothing of what waits would be left']],
  })
    .argument('<rule>', 'id of the rule')
    .option(...allowsAll)
    .action(async (id, { allowsAll: all, ...options }) => {
      const context = contextOf(options);
      const client = await context.client();
      const { revision } = await client.call(showColorRule, { params: { id } });
      const rule = await client.call(switchColorRule, { params: { id }, body: { active: true, revision, allowsAll: all } });
      context.print.result(rule, () => context.print.line(`Rule "${rule.title}" is active.`));
    });
}

function deactivate() {
  return command('deactivate', { summary: 'Switch a rule off', examples: [['tidewheel color rule deactivate <id>', 'it keeps its place']] })
    .argument('<rule>', 'id of the rule')
    .action(async (id, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const { revision } = await client.call(showColorRule, { params: { id } });
      const rule = await client.call(switchColorRule, { params: { id }, body: { active: false, revision } });
      context.print.result(rule, () => context.print.line(`Rule "${rule.title}" is off.`));
    });
}

function duplicate() {
  return command('duplicate', { summary: 'Copy a rule, switched off, behind it', examples: [['tidewheel color rule duplicate <id>', 'to try a variant']] })
    .argument('<rule>', 'id of the rule')
    .action(async (id, options) => {
      const context = contextOf(options);
      const rule = await (await context.client()).call(duplicateColorRule, { params: { id } });
      context.print.result(rule, () => context.print.line(`Rule "${rule.title}" is number ${rule.priority}: ${rule.id}`));
    });
}

function move() {
  return command('move', { summary: 'Give a rule another place', examples: [['tidewheel color rule move <id> 1', 'asked before all others of its kind']] })
    .argument('<rule>', 'id of the rule')
    .argument('<place>', 'from 1', positiveCount)
    .action(async (id, place, options) => {
      const context = contextOf(options);
      const client = await context.client();
      const { kind } = await client.call(showColorRule, { params: { id } });
      const { items } = await client.call(listColorRules, { query: {} });
      const seen = items.filter((rule) => rule.kind === kind).map((rule) => rule.id);
      const others = seen.filter((other) => other !== id);
      const { items: rules } = await client.call(reorderColorRules, { body: { kind, ids: others.toSpliced(place - 1, 0, id), seen } });
      const moved = rules.find((rule) => rule.id === id);
      context.print.result(rules, () => context.print.line(`Rule "${moved?.title}" is number ${moved?.priority}.`));
    });
}

function archive() {
  return command('archive', { summary: 'Put a rule out of use', examples: [['tidewheel color rule archive <id>', 'processings that went by it keep it']] })
    .argument('<rule>', 'id of the rule')
    .action(async (id, options) => {
      const context = contextOf(options);
      const rule = await (await context.client()).call(archiveColorRule, { params: { id } });
      context.print.result(rule, () => context.print.line(`Rule "${rule.title}" is archived.`));
    });
}

function restore() {
  return command('restore', {
    summary: 'Bring an archived rule back, switched off',
    examples: [['tidewheel color rule restore <id>', 'see `list --archived`']],
  })
    .argument('<rule>', 'id of the rule')
    .action(async (id, options) => {
      const context = contextOf(options);
      const rule = await (await context.client()).call(restoreColorRule, { params: { id } });
      context.print.result(rule, () => context.print.line(`Rule "${rule.title}" is back, switched off.`));
    });
}

function order() {
  const direction = (name: string, title: string) => new Option(`--${name} <direction>`, `${title}: asc or desc`).choices(['asc', 'desc'] as const);
  return command('order', {
    summary: 'Show or change by what the sheet is sorted',
    examples: [['tidewheel color rule order --px asc', 'lowest price first, date and rank as they are']],
  })
    .addOption(direction('date', 'the first key'))
    .addOption(direction('rank', 'the second'))
    .addOption(direction('px', 'the third'))
    .action(async ({ date, rank, px, ...options }) => {
      const context = contextOf(options);
      const client = await context.client();
      const now = await client.call(showColorDeskSettings, {});
      const wanted = { date: date ?? now.order.date, rank: rank ?? now.order.rank, px: px ?? now.order.px };
      const isChanged = date !== undefined || rank !== undefined || px !== undefined;
      const desk = isChanged ? await client.call(updateColorDeskSettings, { body: { order: wanted, revision: now.revision } }) : now;
      context.print.result(desk, () => context.print.line(`date ${desk.order.date}, rank ${desk.order.rank}, px ${desk.order.px}`));
    });
}
