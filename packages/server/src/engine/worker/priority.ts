/** What a job goes by: the priority of its step and that of its run together. */
export function jobPriority({ unit, run }: { unit: number; run: number }): number {
  return Math.max(-100, Math.min(100, unit + run));
}
