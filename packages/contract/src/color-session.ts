// A session of the color desk: rows of the buffer that people arrange by hand before they are processed. RULE-12, RULE-13.
import { z } from 'zod';
import { ColorDoubts, ColorField, ShownColor } from './color.ts';
import { ColorRuleSet, RowColor } from './color-rule.ts';
import { Id, Instant } from './identifiers.ts';

/** Stands where a rule would, for what a person excluded or coloured. */
export const byHand = '00000000-0000-4000-8000-0000000000ff';
/** A session takes no more. */
export const mostSessionRows = 100_000;
export const sessionStates = ['open', 'processing', 'processed', 'discarded'] as const;
export const sessionShares = ['no', 'read', 'edit'] as const;

export const ColorSession = z
  .object({
    id: Id,
    title: z.string(),
    state: z.enum(sessionStates).describe('processing: a run of the flow has it; nobody changes it meanwhile'),
    owner: z.string(),
    mine: z.boolean(),
    mayEdit: z.boolean(),
    shared: z.enum(sessionShares).describe('What others of the workspace may do with it'),
    revision: z.number().int().describe('The number of its last entry'),
    rows: z.number().int().describe('That it took'),
    run: z.object({ id: Id, number: z.number().int(), flow: z.string(), state: z.string() }).nullable(),
    processing: z.number().int().nullable().describe('The number of what came of it'),
    createdAt: Instant,
    updatedAt: Instant,
    updatedBy: z.string(),
    endedAt: Instant.nullable(),
  })
  .meta({ id: 'ColorSession' });
export type ColorSession = z.infer<typeof ColorSession>;

export const ColorSessionDetail = ColorSession.extend({
  kept: z.number().int(),
  excluded: z.number().int(),
  removed: z.number().int(),
  doubtful: z.number().int(),
  rules: z.array(z.object({ id: Id, title: z.string(), kind: z.enum(['exclude', 'color']) })).describe('By which it was ranked last'),
  order: ColorRuleSet.shape.order.describe('The same'),
  undo: z.number().int().nullable().describe('The entry of yours that undoing takes back'),
  redo: z.number().int().nullable(),
}).meta({ id: 'ColorSessionDetail' });
export type ColorSessionDetail = z.infer<typeof ColorSessionDetail>;

export const SessionRow = ShownColor.extend({
  id: Id,
  revision: z.number().int(),
  doubts: ColorDoubts,
  position: z.number().int().nullable().describe('Its line in the sheet; null: it is not in it'),
  family: z.number().int().nullable(),
  child: z.number().int().nullable().describe('0: the first of the rows of its bond that stand together'),
  excluded: z.boolean(),
  excludedBy: Id.nullable().describe('The rule; null: a person'),
  color: RowColor.nullable(),
  colorBy: Id.nullable(),
  removed: z.boolean(),
}).meta({ id: 'SessionRow' });
export type SessionRow = z.infer<typeof SessionRow>;

export const sessionViews = ['all', 'kept', 'excluded', 'removed', 'doubtful', 'changed'] as const;
export const SessionFilter = z
  .strictObject({
    which: z.enum(sessionViews).default('all').describe('all: kept and excluded'),
    search: z.string().trim().min(1).max(100).optional().describe('Begins a CUSIP, ISIN or ticker, or is in the name of an issuer or dealer'),
    source: z.string().max(100).optional(),
  })
  .meta({ id: 'SessionFilter' });
export type SessionFilter = z.infer<typeof SessionFilter>;

/** What is done to rows. Values are text and read as those of a file are; an empty text clears a field. */
export const SessionAction = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('cells'),
      fields: z.partialRecord(ColorField, z.string().max(500)).refine((fields) => Object.keys(fields).length > 0, 'names no field'),
    }),
    z
      .strictObject({
        kind: z.literal('block'),
        fields: z
          .array(ColorField)
          .min(1)
          .refine((fields) => new Set(fields).size === fields.length, 'names a field twice'),
        values: z
          .array(z.array(z.string().max(500)))
          .min(1)
          .max(2_000),
      })
      .refine(({ fields, values }) => values.every((line) => line.length === fields.length), 'has lines that are not as long as its fields')
      .describe('A block of a spreadsheet: a line of values for each row that is named, in their order'),
    z.strictObject({ kind: z.literal('remove') }),
    z.strictObject({ kind: z.literal('restore') }),
    z.strictObject({ kind: z.literal('exclude') }),
    z.strictObject({ kind: z.literal('include') }),
    z.strictObject({ kind: z.literal('color'), color: RowColor.nullable() }),
    z.strictObject({
      kind: z.literal('move'),
      before: Id.nullable().describe('The row before which they come to stand, in the order that they have; null: the end'),
      families: z.boolean().default(false).describe('With all rows of their families'),
    }),
  ])
  .meta({ id: 'SessionAction' });
export type SessionAction = z.infer<typeof SessionAction>;
export const sessionEntryKinds = ['cells', 'block', 'remove', 'restore', 'exclude', 'include', 'color', 'move', 'rules', 'undo', 'redo'] as const;
export type SessionEntryKind = (typeof sessionEntryKinds)[number];

export const SessionEntry = z
  .object({
    number: z.number().int(),
    kind: z.enum(sessionEntryKinds),
    what: z.record(z.string(), z.unknown()),
    rows: z.number().int(),
    ofEntry: z.number().int().nullable().describe('Of undo and redo: what they take back or bring again'),
    isUndone: z.boolean(),
    by: z.string(),
    at: Instant,
  })
  .meta({ id: 'SessionEntry' });
export type SessionEntry = z.infer<typeof SessionEntry>;

/** What came of a change. */
export const SessionChanged = z
  .object({
    revision: z.number().int(),
    changed: z.number().int(),
    rows: z.array(SessionRow).describe('As they are now, when there are not more than 200'),
  })
  .meta({ id: 'SessionChanged' });
export type SessionChanged = z.infer<typeof SessionChanged>;

/** A row with why it is where it is, and what was done to it. */
export const SessionRowWhy = z
  .object({
    row: SessionRow,
    reasons: z.array(z.object({ what: z.enum(['removed', 'excluded', 'position', 'family', 'color']), text: z.string(), rule: Id.nullable() })),
    changes: z
      .array(
        SessionEntry.pick({ number: true, kind: true, ofEntry: true, isUndone: true, by: true, at: true }).extend({
          before: z.record(z.string(), z.unknown()).describe('Columns that changed, as they were'),
          after: z.record(z.string(), z.unknown()),
        }),
      )
      .describe('The newest 50, newest first'),
  })
  .meta({ id: 'SessionRowWhy' });
export type SessionRowWhy = z.infer<typeof SessionRowWhy>;

/** Which flow processes sessions, and which could. */
export const ColorDeskFlow = z
  .object({
    flow: z.string().nullable().describe('null: none is chosen; then the only one that can'),
    flows: z.array(z.object({ slug: z.string(), title: z.string() })).describe('Published, of kind color, with steps that take, rank and keep'),
    revision: z.number().int().describe('Of the settings of the desk; 0: never changed'),
  })
  .meta({ id: 'ColorDeskFlow' });
export type ColorDeskFlow = z.infer<typeof ColorDeskFlow>;

export const SessionPresence = z.object({ label: z.string(), row: Id.nullable(), field: z.string().nullable() }).meta({ id: 'SessionPresence' });
export type SessionPresence = z.infer<typeof SessionPresence>;
