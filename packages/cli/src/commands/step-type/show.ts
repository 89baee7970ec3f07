import { listStepTypes } from '@tidewheel/client/routes';
import { NotFound } from '@tidewheel/contract/errors';
import type { StepTypeInfo } from '@tidewheel/contract/step-type';
import { stringify } from 'yaml';
import { command, contextOf } from '../../command.ts';
import type { Printer } from '../../output/printer.ts';
import { paint } from '../../output/terminal.ts';
import { plain } from '../../output/text.ts';
import { schemaFields } from '../../schema-fields.ts';

export function stepTypeShow() {
  return command('show', { summary: 'Show how a step type is configured', examples: [['tidewheel step-type show table.filter', 'its fields and examples']] })
    .argument('<type>', 'step type, e.g. table.filter')
    .action(async (type, options) => {
      const context = contextOf(options);
      const types = await (await context.client()).call(listStepTypes);
      const found = types.find((info) => info.type === type);
      if (!found) throw unknown(type, types);
      context.print.result(found, () => printStepType(context.print, found));
    });
}

function unknown(type: string, types: StepTypeInfo[]): NotFound {
  const [family = ''] = type.split('.');
  const near = types.map((info) => info.type).filter((name) => name.startsWith(`${family}.`));
  return new NotFound('step_type.unknown', `There is no step type "${type}".`, {
    hint: near.length > 0 ? `There is ${near.join(', ')}.` : 'See `tidewheel step-type list`.',
  });
}

function printStepType(print: Printer, info: StepTypeInfo): void {
  print.line(`${paint('bold', info.type)}  ${plain(info.title)}`);
  if (info.description) print.line(`\n${info.description.split('\n').map(plain).join('\n')}`);
  print.line();
  print.facts([
    ['Takes', inputText(info)],
    ['Gives', info.produces === 'none' ? 'nothing' : `a ${info.produces}`],
  ]);
  printFields(print, info);
  for (const example of info.examples) printExample(print, info, example);
}

function inputText({ inputs }: StepTypeInfo): string {
  if (inputs.carries === 'none' || inputs.max === 0) return 'nothing';
  const what = inputs.carries === 'any' ? 'table or file' : inputs.carries;
  const names = inputs.named.length > 0 ? ` (${inputs.named.join(', ')})` : '';
  const many = inputs.max === null ? `${inputs.min} or more` : inputs.min === inputs.max ? String(inputs.min) : `${inputs.min} to ${inputs.max}`;
  return `${many} ${what}${many === '1' ? '' : 's'}${names}`;
}

function printFields(print: Printer, info: StepTypeInfo): void {
  const fields = schemaFields(info.config);
  if (fields.length === 0) {
    print.line('It has no configuration.');
    return;
  }
  print.line();
  print.table(
    [
      { title: 'Field', value: (field) => field.name, whole: true },
      { title: 'Type', value: (field) => field.type },
      { title: 'Default', value: (field) => (field.isRequired ? '(required)' : field.default) },
      { title: 'Meaning', value: (field) => field.text },
    ],
    fields,
  );
}

function printExample(print: Printer, info: StepTypeInfo, example: StepTypeInfo['examples'][number]): void {
  const [last] = info.type.split('.').slice(-1);
  const from = info.inputs.named.length > 0 ? { from: Object.fromEntries(info.inputs.named.map((name) => [name, name])) } : { from: 'before' };
  const step = { [last ?? 'step']: { use: info.type, ...(info.inputs.min > 0 ? from : {}), with: example.config } };
  print.line(`\n${paint('dim', `# ${plain(example.title)}`)}\n${stringify({ steps: step }).trimEnd()}`);
}
