import path from 'node:path';
import { InvalidInput } from '@tidewheel/contract/errors';
import type { FileRef, TableRef } from '@tidewheel/contract/values';
import { defineStep } from '@tidewheel/kit/define-step';
import { storedFile, template } from '@tidewheel/kit/fields';
import { localFile } from '@tidewheel/kit/local-file';
import type { StepContext } from '@tidewheel/kit/step-context';
import { z } from 'zod';
import { checkHeader, type MessageHeader } from './business-envelope.ts';
import { mifirFieldNames, mifirFields, mifirNamespace } from './mifir-fields.ts';
import { transactionXml } from './mifir-record.ts';
import { RecordReader } from './record-reader.ts';
import { rejectLines } from './reject-lines.ts';
import { RejectedRows } from './rejected-rows.ts';
import { columnsOf } from './report-columns.ts';
import { refuseFaultyRows, refuseSchemaFaults } from './report-faults.ts';
import { copyWithoutLines, type WrittenReport, writeReport } from './report-file.ts';
import type { ValidationOutcome } from './schema-fault.ts';
import { layOutSchemas, type SchemaSet } from './schema-set.ts';
import { validateReport } from './validate-report.ts';

const Config = z.strictObject({
  preset: z.enum(['mifir_rts22']).meta({ title: 'Report', description: 'mifir_rts22: MiFIR transaction report (RTS 22) as ISO 20022 auth.016.001.01.' }),
  sender: template({ title: 'Sender', description: 'Who submits the file, usually its LEI; at most 35 characters.', examples: ['529900T8BM49AURSDO55'] }),
  receiver: template({ title: 'Receiver', description: 'The authority, as it wants to be named: often a country code.', examples: ['FR'] }),
  messageId: template({
    title: 'Message id',
    description: 'At most 35 characters; flow, business date and run number unless told.',
    examples: ['TR{{ today }}N{{ string(run.number) }}'],
  }).optional(),
  fileName: template({ title: 'File name', description: 'Flow and business date unless told.', examples: ['DATTRA_FR_{{ today }}.xml'] }).optional(),
  columns: z
    .partialRecord(z.enum(mifirFieldNames), z.string().min(1).max(200))
    .default({})
    .meta({ title: 'Columns', description: 'Where a field is not in the column of its usual name: field -> column.', widget: 'json' }),
  schemas: z.array(storedFile()).max(20).default([]).meta({
    title: 'Schemas',
    description: 'Uploaded XML schemas (by name) that the file must be valid against: the message, its header and its envelope.',
  }),
  onInvalid: z.enum(['fail', 'quarantine']).default('fail').meta({
    title: 'Records that are not valid',
    description: 'fail: no file is made. quarantine: they are left out of it and kept, with the reason, in a file beside it.',
  }),
});
type Config = z.output<typeof Config>;

const description = `Writes the rows of a table as one ISO 20022 file: the envelope head.003 (\`BizData\`), the header head.001 and, one record per row in the order of the
table, the message auth.016 (\`Document/FinInstrmRptgTxRpt/Tx\`). Give the table an explicit order first (table.sort).

Identifiers are written as they stand; decimals lose needless zeros and are never rounded: too many digits are a fault. A row whose fields cannot make a record,
and a record that the uploaded schemas refuse, fails the step or goes to quarantine (\`onInvalid\`).

The step knows the form of the message, not the law: check the business rules in a checks.run before it. Joint accounts, persons as decision makers
and instruments without an ISIN are not written yet.`;

export const iso20022Report = defineStep({
  type: 'report.iso20022',
  version: 1,
  ui: { title: 'ISO 20022 report', group: 'Reports', icon: 'file-certificate', summary: '{{preset}} from {{sender}} to {{receiver}}' },
  description,
  config: Config,
  output: z.object({ records: z.number(), rejected: z.number(), messageId: z.string() }),
  inputs: { min: 1, max: 1, carries: 'table' },
  produces: 'file',
  artifacts: true,
  examples: [
    { title: 'MiFIR transactions', config: { preset: 'mifir_rts22', sender: '529900T8BM49AURSDO55', receiver: 'FR' } },
    {
      title: 'Checked against the schemas of an authority',
      config: {
        preset: 'mifir_rts22',
        sender: '529900T8BM49AURSDO55',
        receiver: 'DE',
        schemas: ['esma-auth-016', 'esma-head-001', 'esma-head-003'],
        onInvalid: 'quarantine',
        columns: { tradingTime: 'executed_at' },
      },
    },
  ],
  async run(config, ctx) {
    const table = inputTable(ctx);
    const header: MessageHeader = {
      sender: config.sender,
      receiver: config.receiver,
      messageId: config.messageId ?? usualMessageId(ctx),
      definition: 'auth.016.001.01',
      createdAt: ctx.now,
    };
    checkHeader(header);
    const name = fileNameOf(ctx, config.fileName);
    const schemas = config.schemas.length > 0 ? await layOutSchemas(ctx, { slugs: config.schemas, documentNamespace: mifirNamespace }) : null;
    const made = await makeReport(ctx, { config, table, header, schemas });
    return keepReport(ctx, { name, table, header, schemas, made });
  },
});

function inputTable(ctx: StepContext): TableRef {
  const [input] = Object.values(ctx.inputs);
  if (!input?.table)
    throw new InvalidInput('report.input', `The step ${input?.step ?? ''} gives no table.`, { hint: 'Let `from` name a step that makes a table.' });
  return input.table;
}
const usualMessageId = (ctx: StepContext) => `${ctx.today.replaceAll('-', '')}-${ctx.run.number}-${ctx.run.flow}`.slice(0, 35);

function fileNameOf(ctx: StepContext, chosen: string | undefined): string {
  const name = chosen ?? `${ctx.run.flow}-${ctx.today}.xml`;
  if (/^[^/\\\p{Cc}]{1,200}$/u.test(name) && !/^\.+$/.test(name)) return name;
  throw new InvalidInput('report.file_name', `The file name ${JSON.stringify(name.slice(0, 200))} cannot be used.`, {
    hint: 'Give 1 to 200 characters without folders and control characters.',
  });
}

interface Setting {
  config: Config;
  table: TableRef;
  header: MessageHeader;
  schemas: SchemaSet | null;
}
interface MadeReport {
  path: string;
  records: number;
  rejected: RejectedRows | null;
  validation: ValidationOutcome | null;
}

async function makeReport(ctx: StepContext, { config, table, header, schemas }: Setting): Promise<MadeReport> {
  const folder = await ctx.files.scratch();
  const report = path.join(folder, 'report.xml');
  const rejected = config.onInvalid === 'quarantine' ? await RejectedRows.create(path.join(folder, 'rejected.jsonl')) : null;
  try {
    const columns = columnsOf(table, { fields: mifirFields, chosen: config.columns });
    // A rejected row is kept whole; otherwise nothing is read that the report does not need.
    const rows = ctx.tables.rows(table, rejected ? { batch: 2_000 } : { batch: 2_000, columns: [...new Set(columns.values())] });
    const onBatch = (rows: number) => ctx.progress({ rows, total: table.rows });
    const written = await writeReport({
      path: report,
      header,
      rows,
      reader: new RecordReader(columns),
      record: transactionXml,
      rejected,
      signal: ctx.signal,
      onBatch,
    });
    if (!rejected) refuseFaultyRows(written);
    const valid = schemas
      ? await holdToSchemas(ctx, { report, schemas, written, rejected, table })
      : { path: report, records: written.records, validation: null };
    if (valid.records === 0)
      throw new InvalidInput('report.empty', `None of ${table.rows} rows makes a record, and the message must have one.`, {
        hint: 'Say `when: steps.<id>.rows > 0` on this step if a day without records is normal.',
      });
    return { ...valid, rejected };
  } finally {
    await rejected?.close();
  }
}

async function holdToSchemas(
  ctx: StepContext,
  { report, schemas, written, rejected, table }: { report: string; schemas: SchemaSet; written: WrittenReport; rejected: RejectedRows | null; table: TableRef },
): Promise<Omit<MadeReport, 'rejected'>> {
  const validation = written.records === 0 ? null : await validateReport({ schemas, report, signal: ctx.signal });
  if (!validation || validation.total === 0) return { path: report, records: written.records, validation };
  if (!rejected) throw refuseSchemaFaults(validation, written.leftOut);
  await rejectLines(ctx, { validation, written, rejected, table });
  const cleaned = report.replace(/\.xml$/, '.cleaned.xml');
  await copyWithoutLines({ from: report, to: cleaned, lines: validation.lines, signal: ctx.signal });
  const records = written.records - validation.lines.size;
  const second = records === 0 ? null : await validateReport({ schemas, report: cleaned, signal: ctx.signal });
  if (second && second.total > 0) throw refuseSchemaFaults(second, written.leftOut);
  return { path: cleaned, records, validation: second };
}

type KeptReport = Omit<Setting, 'config'> & { name: string; made: MadeReport };

async function keepReport(ctx: StepContext, { name, table, header, schemas, made }: KeptReport) {
  const files: FileRef[] = [await ctx.files.put({ name, mediaType: 'application/xml' }, localFile(made.path))];
  const rejected = made.rejected?.count ?? 0;
  if (made.rejected && rejected > 0) {
    files.push(
      await ctx.files.put({ name: `${name.replace(/\.xml$/i, '')}.rejected.jsonl`, mediaType: 'application/x-ndjson' }, localFile(made.rejected.path)),
    );
    ctx.log.warn(`${rejected} of ${table.rows} rows are not in the report; ${files[1]?.name} says why, row by row.`);
  }
  if (schemas && schemas.uncovered.length > 0) ctx.log.warn(`No schema was given for ${schemas.uncovered.join(' and ')}: that part was not validated.`);
  ctx.log.info(
    `${made.records} records written as ${header.definition}, ${made.validation ? `valid by ${made.validation.by}` : 'not validated: no schemas are named'}.`,
  );
  return {
    files,
    value: { records: made.records, rejected, messageId: header.messageId },
    counts: { rowsIn: table.rows, rowsOut: made.records, dropped: 0, rejected },
    metadata: {
      records: made.records,
      message: {
        id: header.messageId,
        definition: header.definition,
        sender: header.sender,
        receiver: header.receiver,
        createdAt: header.createdAt.toISOString(),
      },
      validation: made.validation
        ? { result: 'valid', by: made.validation.by, schemas: schemas?.uploaded ?? [], notCovered: schemas?.uncovered ?? [] }
        : { result: 'not validated' },
    },
  };
}
