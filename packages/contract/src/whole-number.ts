// Whole numbers that a request names: none is beyond what the column that keeps them can hold.
import { z } from 'zod';

/** The greatest one a Postgres `integer` holds; a greater one would end as an error of the database. */
export const mostInteger = 2_147_483_647;

/** As it was read, given back with a change: another one in the meantime is a conflict. 0: never changed. */
export const Revision = z.number().int().min(0).max(mostInteger);

/** A number, counted from 1, in a path or a query. */
export const Ordinal = z.coerce.number().int().min(1).max(mostInteger);
