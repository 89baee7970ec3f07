import { z } from 'zod';
import { Id, StepId } from '../identifiers.ts';
import { defineRoute } from '../route.ts';
import { LogLine, logLevels } from '../run.ts';

const idParam = z.object({ id: Id });
const after = z.coerce.number().int().min(0).default(0);
const filters = { step: StepId.optional(), level: z.enum(logLevels).optional().describe('This level and above') };

export const listLogs = defineRoute({
  name: 'run.logs',
  method: 'GET',
  path: '/api/runs/{id}/logs',
  tag: 'Runs',
  access: 'run.read',
  summary: 'Log lines of a run after a sequence number',
  description: 'Fewer than `limit` where they are long (some 8 MB of text at a time): ask on after the last one until an answer is empty.',
  params: idParam,
  query: z.object({ after, ...filters, limit: z.coerce.number().int().min(1).max(5_000).default(1_000) }),
  response: z.array(LogLine),
});

export const LogMatches = z
  .object({
    lines: z.array(LogLine).describe('The lines that hold the text, in order'),
    found: z.number().int().describe('How many there are so far: those of this answer and the `found` of the question'),
    next: z.number().int().describe('Where to go on: the `after` of the next question'),
    more: z.boolean().describe('There is more to look through. An answer without lines may have more: each looks through a bounded stretch.'),
  })
  .meta({ id: 'LogMatches' });
export type LogMatches = z.infer<typeof LogMatches>;

export const searchLogs = defineRoute({
  name: 'run.searchLogs',
  method: 'GET',
  path: '/api/runs/{id}/logs/search',
  tag: 'Runs',
  access: 'run.read',
  summary: 'Find text in the log of a run',
  description: 'In any case, across colours. One question looks through some 50,000 lines; ask again with `next` while there is more.',
  params: idParam,
  query: z.object({
    text: z.string().min(1).max(200),
    after,
    ...filters,
    limit: z.coerce.number().int().min(1).max(1_000).default(200),
    found: z.coerce.number().int().min(0).default(0).describe('How many were found before `after`'),
  }),
  response: LogMatches,
});

export const downloadLog = defineRoute({
  name: 'run.downloadLog',
  method: 'GET',
  path: '/api/runs/{id}/logs/download',
  tag: 'Runs',
  access: 'run.read',
  summary: 'Download the log of a run as text',
  description:
    'UTF-8, one line per log line: time (UTC), level, step, text. Lines of one text after its first are indented. Colours and all other control sequences are taken out. Of a run that goes on, what it has written so far.',
  params: idParam,
  response: z.string(),
  responseType: 'application/octet-stream',
});
