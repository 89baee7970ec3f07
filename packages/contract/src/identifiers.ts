// The identifiers that cross a boundary.
import { z } from 'zod';
import { slugForm, slugRule } from './slug.ts';

/** UUIDv7 in text form. */
export const Id = z.uuid();
/** Lower-case name of a flow, connection or file, unique in its workspace: used in addresses and documents. */
export const Slug = z.string().regex(slugForm, slugRule);
/** Where a flow or connection is filed: `finance/emir`. Rules can speak of it, and what holds for a folder holds for those below it. */
export const Folder = z
  .string()
  .max(200)
  .regex(/^[a-z0-9-]+(?:\/[a-z0-9-]+)*$/, 'must be names of a-z, 0-9 and -, divided by /: finance/emir')
  .meta({ id: 'Folder', examples: ['finance/emir'] });
/** A step's name: a CEL identifier, so that expressions can say `steps.trades.rows`. */
export const StepId = z.string().regex(/^[a-z][a-zA-Z0-9_]{0,62}$/, 'must start with a-z and hold only letters, digits and _ (at most 63)');
/** A UTC instant, ISO 8601 with milliseconds and Z. */
export const Instant = z.iso.datetime();
/** 64 lower-case hex digits. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
