// What a step's progress is counted in, without schemas: the browser loads it.

/** In the order in which a total is taken to mean one of them. */
export const progressUnits = ['bytes', 'rows', 'items'] as const;
export type ProgressUnit = (typeof progressUnits)[number];
