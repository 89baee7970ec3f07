// Work by hand: rows of the buffer in a session, changed entry by entry, then processed.
import { z } from 'zod';
import {
  ColorDeskFlow,
  ColorSession,
  ColorSessionDetail,
  SessionAction,
  SessionChanged,
  SessionEntry,
  SessionFilter,
  SessionPresence,
  SessionRow,
  SessionRowWhy,
  sessionShares,
  sessionStates,
} from '../color-session.ts';
import { Id, Slug } from '../identifiers.ts';
import { PageQuery, pageOf } from '../page.ts';
import { defineRoute } from '../route.ts';
import { Revision } from '../whole-number.ts';

const tag = 'Colors';
const params = z.object({ id: Id });
const Title = z.string().trim().min(1).max(100);
const Rules = z.array(Id).max(1_000).optional().describe('Only these; without it all active rules of the desk');
const Place = z.coerce.number().int().min(0).max(1_000_000);

export const listColorSessions = defineRoute({
  name: 'colorSession.list',
  method: 'GET',
  path: '/api/color-sessions',
  tag,
  access: 'color.read',
  summary: 'List your sessions and those that are shared, newest first',
  query: PageQuery.extend({ state: z.enum(sessionStates).optional() }),
  response: pageOf(ColorSession),
});
export const startColorSession = defineRoute({
  name: 'colorSession.start',
  method: 'POST',
  path: '/api/color-sessions',
  tag,
  access: 'color.edit',
  cost: 'expensive',
  summary: 'Take free rows of the buffer into a session, ranked by the rules of the desk',
  body: z.strictObject({
    title: Title.optional().describe('Without it the day'),
    uploads: z.array(Id).max(200).default([]).describe('Only these; none: all'),
    sources: z.array(z.string().max(100)).max(100).default([]),
    rules: Rules,
    duplicates: z.enum(['take', 'leave']).default('leave').describe('leave: what says the same as an earlier row is held and goes with it, but is not shown'),
  }),
  response: ColorSessionDetail,
  status: 201,
});
export const showColorSession = defineRoute({
  name: 'colorSession.show',
  method: 'GET',
  path: '/api/color-sessions/{id}',
  tag,
  access: 'color.read',
  summary: 'Show a session with what stands in it',
  params,
  response: ColorSessionDetail,
});
export const updateColorSession = defineRoute({
  name: 'colorSession.update',
  method: 'PATCH',
  path: '/api/color-sessions/{id}',
  tag,
  access: 'color.edit',
  summary: 'Rename a session, or share it with the workspace',
  params,
  body: z.strictObject({ title: Title.optional(), shared: z.enum(sessionShares).optional() }),
  response: ColorSessionDetail,
});
export const listSessionRows = defineRoute({
  name: 'colorSession.rows',
  method: 'GET',
  path: '/api/color-sessions/{id}/rows',
  tag,
  access: 'color.read',
  summary: 'A window of the rows of a session, in their order',
  params,
  query: SessionFilter.extend({ from: Place.default(0), limit: z.coerce.number().int().min(1).max(500).default(200) }),
  response: z.object({ rows: z.array(SessionRow), total: z.number().int(), revision: z.number().int() }),
});
export const explainSessionRow = defineRoute({
  name: 'colorSession.why',
  method: 'GET',
  path: '/api/color-sessions/{id}/rows/{row}/why',
  tag,
  access: 'color.read',
  summary: 'Why a row of a session is where it is, and what was done to it',
  params: params.extend({ row: Id }),
  response: SessionRowWhy,
});
export const changeColorSession = defineRoute({
  name: 'colorSession.change',
  method: 'POST',
  path: '/api/color-sessions/{id}/changes',
  tag,
  access: 'color.edit',
  summary: 'Change rows of a session: those that are named, or all that a filter finds',
  description:
    'Names what was seen: the revision of each row, or (`seen`) that of the session. When somebody else changed one of the rows since, nothing is changed and the answer, a 409, holds the rows as they are now.',
  params,
  body: z.strictObject({
    action: SessionAction,
    rows: z
      .array(z.strictObject({ id: Id, revision: Revision }))
      .min(1)
      .max(2_000)
      .optional(),
    filter: SessionFilter.optional(),
    seen: Revision.optional().describe('With a filter: the revision of the session'),
  }),
  response: SessionChanged,
});
export const rankColorSession = defineRoute({
  name: 'colorSession.rank',
  method: 'POST',
  path: '/api/color-sessions/{id}/rules',
  tag,
  access: 'color.edit',
  cost: 'expensive',
  summary: 'Apply rules again; what people excluded, included or coloured by hand stays',
  params,
  body: z.strictObject({ rules: Rules, reorder: z.boolean().default(true).describe('false: every row stays where it is'), seen: Revision }),
  response: SessionChanged,
});
export const undoSessionChange = defineRoute({
  name: 'colorSession.undo',
  method: 'POST',
  path: '/api/color-sessions/{id}/undo',
  tag,
  access: 'color.edit',
  summary: 'Take back your newest change that stands, or the one that is named, alone or with all that came after it',
  description: 'What came after it is taken back with it whoever made it, newest first, each as an entry of its own: all of it or nothing.',
  params,
  body: z.strictObject({ entry: Revision.min(1).optional(), andLater: z.boolean().default(false) }),
  response: SessionChanged,
});
export const redoSessionChange = defineRoute({
  name: 'colorSession.redo',
  method: 'POST',
  path: '/api/color-sessions/{id}/redo',
  tag,
  access: 'color.edit',
  summary: 'Bring again what you took back last',
  params,
  response: SessionChanged,
});
export const listSessionEntries = defineRoute({
  name: 'colorSession.entries',
  method: 'GET',
  path: '/api/color-sessions/{id}/entries',
  tag,
  access: 'color.read',
  summary: 'Who changed what in a session, newest first',
  params,
  query: PageQuery,
  response: pageOf(SessionEntry),
});
export const meetInSession = defineRoute({
  name: 'colorSession.meet',
  method: 'POST',
  path: '/api/color-sessions/{id}/presence',
  tag,
  access: 'color.read',
  summary: 'Say where you are in a session, and see who else is there and whether it changed',
  params,
  body: z.strictObject({ row: Id.nullable().default(null), field: z.string().max(50).nullable().default(null) }),
  response: z.object({ revision: z.number().int(), state: z.enum(sessionStates), others: z.array(SessionPresence) }),
});
export const processColorSession = defineRoute({
  name: 'colorSession.process',
  method: 'POST',
  path: '/api/color-sessions/{id}/process',
  tag,
  access: 'color.edit',
  summary: 'Run the color flow of the desk over the rows as they were arranged; asked again, also afterwards, it is that one run',
  params,
  body: z.strictObject({
    flow: Slug.optional().describe('Without it the flow of the desk, else the only one of kind color'),
    seen: Revision.optional(),
  }),
  response: z.object({ session: ColorSessionDetail, run: z.object({ id: Id }) }),
});
export const discardColorSession = defineRoute({
  name: 'colorSession.discard',
  method: 'POST',
  path: '/api/color-sessions/{id}/discard',
  tag,
  access: 'color.edit',
  summary: 'Give up a session: its rows go back to the buffer as they came',
  params,
  response: ColorSession,
});
export const showColorDeskFlow = defineRoute({
  name: 'colorDesk.showFlow',
  method: 'GET',
  path: '/api/color-desk/flow',
  tag,
  access: 'color.read',
  summary: 'Show which flow processes sessions, and which could',
  response: ColorDeskFlow,
});
export const updateColorDeskFlow = defineRoute({
  name: 'colorDesk.updateFlow',
  method: 'PUT',
  path: '/api/color-desk/flow',
  tag,
  access: 'desk.edit',
  summary: 'Choose the flow that processes sessions',
  body: z.strictObject({
    flow: Slug.nullable().describe('null: none'),
    revision: Revision.describe('Of the settings as they were seen; 0 when they were never changed'),
  }),
  response: ColorDeskFlow,
});
