/** The kinds of flow and what they are called. */
export const kindTitles: Record<string, string> = { pipeline: 'Pipeline', report: 'Report', job: 'Job', color: 'Color' };
export const kindChoices = Object.entries(kindTitles).map(([value, label]) => ({ value, label }));
