// The identifiers that cross a boundary.
import { z } from 'zod';
import { slugForm, slugRule } from './slug.ts';

/** UUIDv7 in text form. */
export const Id = z.uuid();
/** Lower-case name of a flow, connection or file, unique in its workspace: used in addresses and documents. */
export const Slug = z.string().regex(slugForm, slugRule);
/** A step's name: a CEL identifier, so that expressions can say `steps.trades.rows`. */
export const StepId = z.string().regex(/^[a-z][a-zA-Z0-9_]{0,62}$/, 'must start with a-z and hold only letters, digits and _ (at most 63)');
/** A UTC instant, ISO 8601 with milliseconds and Z. */
export const Instant = z.iso.datetime();
/** 64 lower-case hex digits. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
